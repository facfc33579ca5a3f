import { useEffect } from 'react';
import { noteLost, onConnection } from '../ui/data/connection.ts';
import { hasRole, useSession } from '../ui/data/session.ts';
import { Toasts } from '../ui/feedback/toast.tsx';
import { useLanguage } from '../ui/i18n/language.ts';
import { useKeyboard } from '../ui/keys/keys.tsx';
import { UiProvider } from '../ui/provider.tsx';
import { useAddress } from '../ui/route/route.ts';
import './shell.css';
import { useContrast } from './contrast.ts';
import { Frame } from './frame.tsx';
import { ProofDialog } from './proof-dialog.tsx';
import { openScreenAt, screenAt } from './registry.ts';
import { Contained, OpenPlace, ScreenPlace } from './screen-place.tsx';
import { resume } from './session-calls.ts';
import { SignInAgain, SignInPage } from './sign-in.tsx';
import { SignInDone } from './sign-in-done.tsx';
import { BareMenu } from './who-i-am.tsx';

/** The page: sign-in, or the screen of the address in its frame. Drawn again as a whole when the language changes. */
export function App() {
  useLanguage();
  useKeyboard();
  useResume();
  const session = useSession();
  const { path } = useAddress();
  const [contrast] = useContrast();
  const at = 'me' in session ? screenAt(path) : null;
  const open = 'me' in session ? null : openScreenAt(path);
  // Who may not see a screen is told so in the frame, from where the way goes on.
  const own = at && 'me' in session && hasRole(session.me, at.screen.roles) ? at.screen : null;
  const theme = contrast ? 'contrast' : (own?.theme ?? 'light');
  return (
    <UiProvider theme={theme}>
      {open && (
        <main className="yb-bare">
          <OpenPlace screen={open} />
        </main>
      )}
      {session.state === 'none' && !open && <SignInPage />}
      {'me' in session && path === '/dang-nhap' && <SignInDone />}
      {'me' in session &&
        path !== '/dang-nhap' &&
        (own?.frame === 'none' ? (
          <main className="yb-bare">
            <ScreenPlace at={at} me={session.me} />
            <BareMenu me={session.me} />
          </main>
        ) : (
          <Contained title="Y Bạ">
            <Frame me={session.me} current={at?.screen ?? null}>
              <ScreenPlace at={at} me={session.me} />
            </Frame>
          </Contained>
        ))}
      {session.state === 'expired' && <SignInAgain me={session.me} />}
      {session.state === 'here' && <ProofDialog />}
      <Toasts />
    </UiProvider>
  );
}

/** Finds out who is signed in when the page opens, as soon as the server can be reached. */
function useResume(): void {
  useEffect(() => {
    let stop = () => {};
    const ask = () =>
      resume().catch(() => {
        stop();
        stop = onConnection((now) => now === 'here' && void ask());
        noteLost();
      });
    void ask();
    return () => stop();
  }, []);
}
