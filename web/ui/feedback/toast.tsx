/** Short messages at the corner; with `undo` eight seconds to take the act back (ui.md, Behaviour 4). */
import { useSyncExternalStore } from 'react';
import { Button } from '../form/button.tsx';
import { t } from '../i18n/language.ts';
import { IconX } from '../icons.ts';
import { TONE_ICON } from './notice.tsx';

export interface ToastMessage {
  text: string;
  tone?: 'done' | 'info' | 'look' | 'danger';
  /** Takes the act back; offered for eight seconds. */
  undo?: () => void;
}

interface Shown extends ToastMessage {
  id: number;
}

let shown: readonly Shown[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

/** Says that something was done. Faults that need an answer belong in the form or a Notice, not here. */
export function toast(message: ToastMessage | string): void {
  const one: Shown = { ...(typeof message === 'string' ? { text: message } : message), id: ++lastId };
  set([...shown.slice(-2), one]);
  window.setTimeout(() => dismiss(one.id), 8000);
}

function dismiss(id: number): void {
  set(shown.filter((one) => one.id !== id));
}

function set(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where toasts appear; mounted once by the shell. */
export function Toasts() {
  const messages = useSyncExternalStore(subscribe, () => shown);
  return (
    <div className="yb-toasts yb-no-print" role="status" aria-live="polite">
      {messages.map((message) => (
        <ToastCard key={message.id} message={message} />
      ))}
    </div>
  );
}

function ToastCard(props: { message: Shown }) {
  const { message } = props;
  const tone = message.tone ?? 'done';
  const Icon = TONE_ICON[tone];
  return (
    <div className="yb-toast" data-tone={tone}>
      <Icon size={20} aria-hidden />
      <span className="yb-grow">{message.text}</span>
      {message.undo && (
        <Button
          kind="quiet"
          small
          onPress={() => {
            dismiss(message.id);
            message.undo?.();
          }}
        >
          {t('ui.undo', 'Hoàn tác')}
        </Button>
      )}
      <Button
        kind="quiet"
        small
        label={t('ui.close', 'Đóng')}
        icon={<IconX size={16} />}
        onPress={() => dismiss(message.id)}
      />
    </div>
  );
}
