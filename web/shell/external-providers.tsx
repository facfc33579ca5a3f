/** Ways of signing in by a provider of others (VNeID for one), as far as the operator has set them up. */
import { useEffect, useState } from 'react';
import { api } from '../ui/data/api.ts';
import { Button } from '../ui/form/button.tsx';
import { t } from '../ui/i18n/language.ts';
import { IconExternalLink } from '../ui/icons.ts';
import { useAddress } from '../ui/route/route.ts';
import { nextPath } from './next-path.ts';

interface Provider {
  id: string;
  name: string;
  signsIn: string;
}

export function ExternalProviders({ who }: { who: 'citizen' | 'staff' }) {
  const [providers, setProviders] = useState<readonly Provider[]>([]);
  const { path, query } = useAddress();
  useEffect(() => {
    api.get<{ providers: Provider[] }>('/api/access/external', { impatient: true }).then(
      (answer) => setProviders(answer.providers),
      () => undefined,
    );
  }, []);
  const next = path === '/dang-nhap' ? nextPath(query, window.location.origin) : path + query;
  return providers
    .filter(({ signsIn }) => signsIn === who)
    .map(({ id, name }) => (
      <Button
        key={id}
        wide
        icon={<IconExternalLink size={18} aria-hidden />}
        onPress={() =>
          window.location.assign(
            `/api/access/external/${encodeURIComponent(id)}?next=${encodeURIComponent(next)}`,
          )
        }
      >
        {t('external.by', 'Tiếp tục với {name}', { name })}
      </Button>
    ));
}
