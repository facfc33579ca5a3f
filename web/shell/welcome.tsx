import type { ReactNode } from 'react';
import { LanguageSwitch } from './language-switch.tsx';
import { Mark } from './top-bar.tsx';
import './welcome.css';

/** The card of a page before the screens, and what stands beside it: below on a phone. */
export function Welcome(props: { children: ReactNode; beside?: ReactNode }) {
  return (
    <main className="yb-welcome">
      <div className="yb-welcome-card">
        <div className="yb-welcome-head">
          <Mark />
          <span className="yb-welcome-name">Y Bạ</span>
          <LanguageSwitch />
        </div>
        {props.children}
      </div>
      {props.beside}
    </main>
  );
}
