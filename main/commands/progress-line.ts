/** How far a load is: a bar that stays on its line on a terminal, a plain line now and then elsewhere. */
import type { LoadProgress } from '../../kernel/store/index.ts';

export interface ProgressLine {
  show(progress: LoadProgress): void;
  /** A sentence of its own. */
  say(sentence: string): void;
  end(): void;
}

const BAR = 24;
const TERMINAL_PAUSE_MS = 200;
const PLAIN_PAUSE_MS = 10_000;

/** @param now milliseconds, for tests */
export function openProgressLine(
  out: { isTTY?: boolean; write(text: string): unknown },
  now: () => number = () => performance.now(),
): ProgressLine {
  const terminal = out.isTTY === true;
  const pause = terminal ? TERMINAL_PAUSE_MS : PLAIN_PAUSE_MS;
  let shownAt = now() - (terminal ? pause : 0);
  let open = false;
  const end = () => {
    if (open) out.write('\n');
    open = false;
  };
  return {
    show(progress) {
      if (now() - shownAt < pause) return;
      shownAt = now();
      out.write(
        terminal ? `\r${progressText(progress, true)}\u001b[K` : `${progressText(progress, false)}\n`,
      );
      open = terminal;
    },
    say(sentence) {
      end();
      out.write(`${sentence}\n`);
    },
    end,
  };
}

/** `[########----------------] 33% · 120.000 bản ghi · 10.400/giây · còn 1 phút 12 giây · 3 lỗi` */
export function progressText(progress: LoadProgress, bar: boolean): string {
  const { created, updated, unchanged, deleted, refused, before, bytes, bytesRead, elapsed } = progress;
  const all = created + updated + unchanged + deleted;
  const share = bytes > 0 ? Math.min(1, bytesRead / bytes) : null;
  const rate = elapsed > 0 ? ((all - before) * 1000) / elapsed : 0;
  const number = (value: number) => Math.round(value).toLocaleString('vi-VN');
  const parts = [`${number(all)} bản ghi`, `${number(rate)}/giây`];
  if (share !== null) {
    const filled = Math.round(share * BAR);
    parts.unshift(
      `${bar ? `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}] ` : ''}${Math.floor(share * 100)}%`,
    );
    if (share > 0) parts.push(`còn ${duration((elapsed / share - elapsed) / 1000)}`);
  }
  parts.push(`${number(refused)} lỗi`);
  return parts.join(' · ');
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} giây`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} phút ${whole % 60} giây`;
  return `${Math.floor(whole / 3_600)} giờ ${Math.floor((whole % 3_600) / 60)} phút`;
}
