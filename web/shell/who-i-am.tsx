import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { roleName } from '../ui/account/role-name.ts';
import type { Me } from '../ui/data/session.ts';
import { t } from '../ui/i18n/language.ts';
import { IconChevronDown, IconContrast, IconKey, IconLanguage, IconLogout, IconUser } from '../ui/icons.ts';
import { railIcons } from '../ui/icons-of-rail.ts';
import { navigate } from '../ui/route/route.ts';
import { useContrast } from './contrast.ts';
import { workplacesOf } from './home.tsx';
import { useOtherLanguage } from './language-switch.tsx';
import { signOut } from './session-calls.ts';

/** My name and role at the top right; contrast and the way out behind it. */
export function WhoIAm({ me }: { me: Me }) {
  return (
    <WhoMenu
      me={me}
      button={
        <button type="button" className="yb-who">
          <IconUser size={20} aria-hidden />
          <span className="yb-who-words">
            <span className="yb-who-name">{me.name}</span>
            <span className="yb-who-role">{me.roles.map(roleName).join(', ')}</span>
          </span>
          <IconChevronDown size={16} aria-hidden />
        </button>
      }
    />
  );
}

/** For a screen without the frame: my other workplaces, the language and the way out in one small button. */
export function BareMenu({ me }: { me: Me }) {
  const other = useOtherLanguage();
  return (
    <div className="yb-bare-menu yb-no-print">
      <WhoMenu
        me={me}
        button={
          <button type="button" className="yb-who" aria-label={t('shell.menu', 'Tài khoản và nơi làm việc')}>
            <IconUser size={20} aria-hidden />
            <IconChevronDown size={16} aria-hidden />
          </button>
        }
      >
        {workplacesOf(me).map((screen) => {
          const Icon = railIcons[screen.icon ?? 'list'];
          return (
            <Menu.Item
              key={screen.key}
              leftSection={<Icon size={18} aria-hidden />}
              onClick={() => navigate(screen.path)}
            >
              {screen.title()}
            </Menu.Item>
          );
        })}
        <Menu.Item
          lang={other.language}
          leftSection={<IconLanguage size={18} aria-hidden />}
          onClick={() => void other.choose()}
        >
          {other.name}
        </Menu.Item>
      </WhoMenu>
    </div>
  );
}

function WhoMenu(props: { me: Me; button: ReactNode; children?: ReactNode }) {
  const [contrast, setContrast] = useContrast();
  const { me } = props;
  return (
    <Menu
      position="bottom-end"
      width={260}
      transitionProps={{ duration: 0 }}
      withInitialFocusPlaceholder={false}
      classNames={{ dropdown: 'yb-popover' }}
    >
      <Menu.Target>{props.button}</Menu.Target>
      <Menu.Dropdown>
        <div className="yb-who-card">
          <strong>{me.name}</strong>
          <span>{me.roles.map(roleName).join(', ')}</span>
          <span>{me.unitName ?? t('shell.province', 'Toàn tỉnh')}</span>
        </div>
        {props.children}
        <Menu.Item leftSection={<IconKey size={18} />} onClick={() => navigate('/tai-khoan')}>
          {t('shell.my-account', 'Tài khoản của tôi')}
        </Menu.Item>
        <Menu.Item leftSection={<IconContrast size={18} />} onClick={() => setContrast(!contrast)}>
          {contrast
            ? t('shell.contrast-off', 'Tắt tương phản cao')
            : t('shell.contrast-on', 'Bật tương phản cao')}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={18} />} onClick={() => void signOut()}>
          {t('shell.sign-out', 'Đăng xuất')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
