import { useEffect } from 'react';
import { noteLost, onConnection } from '../ui/data/connection.ts';
import { useSession } from '../ui/data/session.ts';
import { Toasts } from '../ui/feedback/toast.tsx';
import { useLanguage } from '../ui/i18n/language.ts';
import { useKeyboard } from '../ui/keys/keys.tsx';
import { UiProvider } from '../ui/provider.tsx';
import { useAddress } from '../ui/route/route.ts';
import './shell.css';
import { useContrast } from './contrast.ts';
import { Frame } from './frame.tsx';
import { screenAt } from './registry.ts';
import { Contained, ScreenPlace } from './screen-place.tsx';
import { resume } from './session-calls.ts';
import { SignInAgain, SignInPage } from './sign-in.tsx';

/** The page: sign-in, or the screen of the address in its frame. Drawn again as a whole when the language changes. */
export function App() {
  useLanguage();
  useKeyboard();
  useResume();
  const session = useSession();
  const { path } = useAddress();
  const [contrast] = useContrast();
  const at = 'me' in session ? screenAt(path) : null;
  const theme = contrast ? 'contrast' : (at?.screen.theme ?? 'light');
  return (
    <UiProvider theme={theme}>
      {session.state === 'none' && <SignInPage />}
      {'me' in session &&
        (at?.screen.frame === 'none' ? (
          <main className="yb-bare">
            <ScreenPlace at={at} me={session.me} />
          </main>
        ) : (
          <Contained title="Y Bạ">
            <Frame me={session.me} current={at?.screen ?? null}>
              <ScreenPlace at={at} me={session.me} />
            </Frame>
          </Contained>
        ))}
      {session.state === 'expired' && <SignInAgain me={session.me} />}
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
