/** `/dang-nhap` for who is signed in: on to where they wanted, or a fresh proof first when an application asks for one. */
import { useEffect, useState } from 'react';
import { t } from '../ui/i18n/language.ts';
import { Page, Stack } from '../ui/layout/layout.tsx';
import { Text } from '../ui/layout/text.tsx';
import { navigate, useAddress } from '../ui/route/route.ts';
import { nextPath } from './next-path.ts';
import { ProofAsked } from './proof-dialog.tsx';
import { screenAt } from './registry.ts';
import { cameInHere } from './session-calls.ts';
import { Welcome } from './welcome.tsx';

/**
 * The OpenID provider sends `lai=1` when the proof is too old for an application, and `acr` when it is too weak: going on
 * without another one would only lead back here.
 */
export function SignInDone() {
  const { query } = useAddress();
  const asked = new URLSearchParams(query);
  const again = asked.get('lai') === '1' || asked.has('acr');
  const [proven, setProven] = useState(!again || cameInHere());
  useEffect(() => {
    if (proven) goOn(query);
  }, [proven, query]);
  if (proven) return null;
  return (
    <Welcome>
      <Page title={t('proof.title', 'Xác nhận lại danh tính')}>
        <Stack>
          <Text as="p">
            {t('proof.for-app', 'Một ứng dụng cần biết chắc vẫn là bạn trước khi làm tiếp.')}
          </Text>
          <ProofAsked second={asked.has('acr')} onProven={() => setProven(true)} />
        </Stack>
      </Page>
    </Welcome>
  );
}

/** A screen here, or an address of the server such as an application's. */
function goOn(query: string): void {
  const to = nextPath(query, window.location.origin);
  const { pathname } = new URL(to, window.location.origin);
  if (pathname === '/' || screenAt(pathname)) navigate(to, { replace: true });
  else window.location.replace(to);
}
