/** The staff frame: top bar, my workplaces at the left, the screen, the keys valid now at the bottom (ui.md, Faces). */
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { hasRole, type Me } from '../ui/data/session.ts';
import { t } from '../ui/i18n/language.ts';
import { railIcons } from '../ui/icons-of-rail.ts';
import { KeyStrip, useKeys } from '../ui/keys/keys.tsx';
import { Link } from '../ui/route/link.tsx';
import { navigate, useAddress } from '../ui/route/route.ts';
import type { Screen } from '../ui/screen.ts';
import { workplacesOf } from './home.tsx';
import { screens } from './registry.ts';
import { preloadScreens } from './screen-place.tsx';
import { TopBar } from './top-bar.tsx';

export function Frame(props: { me: Me; current: Screen | null; children: ReactNode }) {
  const [railOpen, setRailOpen] = useState(false);
  const { path } = useAddress();
  const main = useMainFocus(path);
  usePreload(props.me);
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the menu of the phone
  useEffect(() => setRailOpen(false), [path]);
  return (
    <div className="yb-frame">
      <a className="yb-skip" href="#noi-dung">
        {t('shell.skip', 'Đến nội dung')}
      </a>
      <TopBar me={props.me} onMenu={() => setRailOpen(!railOpen)} menuOpen={railOpen} />
      <Rail me={props.me} current={props.current} open={railOpen} />
      <main id="noi-dung" className="yb-main" ref={main} tabIndex={-1}>
        {props.children}
      </main>
      <KeyStrip label={t('shell.keys', 'Phím dùng được')} />
    </div>
  );
}

function Rail(props: { me: Me; current: Screen | null; open: boolean }) {
  const mine = workplacesOf(props.me);
  useKeys(
    mine.slice(0, 9).map((screen, index) => ({
      key: `Alt+${index + 1}`,
      label: screen.title(),
      run: () => navigate(screen.path),
      silent: true,
    })),
  );
  return (
    <nav
      className="yb-rail yb-no-print"
      data-open={props.open || undefined}
      aria-label={t('shell.workplaces', 'Nơi làm việc')}
    >
      {mine.map((screen, index) => {
        const Icon = railIcons[screen.icon ?? 'list'];
        return (
          <Link
            key={screen.key}
            to={screen.path}
            className="yb-rail-item"
            aria-current={screen.key === props.current?.key ? 'page' : undefined}
            title={index < 9 ? `Alt ${index + 1}` : undefined}
          >
            <Icon size={20} aria-hidden />
            <span>{screen.title()}</span>
          </Link>
        );
      })}
    </nav>
  );
}

/** A while after the first screen stands, so that it has the line for itself. */
const PRELOAD_MS = 4_000;

function usePreload(me: Me): void {
  useEffect(() => {
    const own = screens.filter((screen) => hasRole(me, screen.roles));
    const timer = setTimeout(() => preloadScreens(own), PRELOAD_MS);
    return () => clearTimeout(timer);
  }, [me]);
}

/** After going somewhere the keyboard is in the screen, unless the screen put it in a field of its own. */
function useMainFocus(path: string) {
  const main = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once per address
  useEffect(() => {
    if (!main.current?.contains(document.activeElement)) main.current?.focus({ preventScroll: true });
    main.current?.scrollTo(0, 0);
  }, [path]);
  return main;
}
