import { useConnection } from '../ui/data/connection.ts';
import { useUnheard } from '../ui/data/push.ts';
import { hasRole, type Me } from '../ui/data/session.ts';
import { Badge } from '../ui/feedback/badge.tsx';
import { Button } from '../ui/form/button.tsx';
import { t } from '../ui/i18n/language.ts';
import { IconMenu2, IconWifiOff } from '../ui/icons.ts';
import { Link } from '../ui/route/link.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { PersonSearch } from './person-search.tsx';
import { screenAt } from './registry.ts';
import { WhoIAm } from './who-i-am.tsx';

/** Unit, search for a person, who I am, connection. */
export function TopBar(props: { me: Me; menuOpen: boolean; onMenu: () => void }) {
  const { me } = props;
  return (
    <header className="yb-top yb-no-print">
      <span className="yb-top-menu">
        <Button
          kind="quiet"
          label={t('shell.workplaces', 'Nơi làm việc')}
          icon={<IconMenu2 size={20} />}
          onPress={props.onMenu}
        />
      </span>
      <Link to="/" className="yb-top-home">
        <Mark />
        <span className="yb-top-name">Y Bạ</span>
      </Link>
      <span className="yb-top-unit" title={me.unitName ?? undefined}>
        {me.unitName ?? t('shell.province', 'Toàn tỉnh')}
      </span>
      {findsPeople(me) && <PersonSearch />}
      <span className="yb-top-gap" />
      {me.demo && (
        <span className="yb-top-demo">
          <Badge tone="info">{t('shell.demo', 'Tỉnh trình diễn – không phải người thật')}</Badge>
        </span>
      )}
      <ConnectionState />
      <LanguageSwitch />
      <WhoIAm me={me} />
    </header>
  );
}

/** Only those who may open a person's record look for people. */
function findsPeople(me: Me): boolean {
  const record = screenAt('/ho-so/x');
  return record !== null && hasRole(me, record.screen.roles);
}

export function Mark() {
  return <img src="/icon.svg" alt="" width={28} height={28} />;
}

/** Silent while the server is here and tells what changes; anything else is a state and is said so. */
function ConnectionState() {
  const state = useConnection();
  const unheard = useUnheard();
  return (
    <span role="status">
      {state === 'here' && unheard && (
        <span className="yb-top-lost">
          <IconWifiOff size={18} aria-hidden />
          {t('shell.unheard', 'Trang này không tự cập nhật, hãy tải lại để xem mới')}
        </span>
      )}
      {state === 'lost' && (
        <span className="yb-top-lost">
          <IconWifiOff size={18} aria-hidden />
          {t('shell.lost', 'Mất kết nối, đang nối lại')}
        </span>
      )}
    </span>
  );
}
