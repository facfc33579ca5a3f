import { useEffect } from 'react';
import { hasRole, type Me } from '../ui/data/session.ts';
import { Empty } from '../ui/feedback/state.tsx';
import { t } from '../ui/i18n/language.ts';
import { Page } from '../ui/layout/layout.tsx';
import { navigate } from '../ui/route/route.ts';
import type { Screen } from '../ui/screen.ts';
import { screens } from './registry.ts';

/** My workplaces, in the order of the rail. */
export function workplacesOf(me: Me): Screen[] {
  return screens.filter((screen) => screen.workplace && hasRole(me, screen.roles));
}

/** `/`: the first workplace of who is signed in. */
export function Home(props: { me: Me }) {
  const first = workplacesOf(props.me)[0];
  useEffect(() => {
    if (first) navigate(first.path, { replace: true });
  }, [first]);
  if (first) return null;
  return (
    <Page title={t('shell.home', 'Trang đầu')}>
      <Empty title={t('shell.no-workplace', 'Tài khoản này chưa có nơi làm việc nào')}>
        {t(
          'shell.no-workplace-what',
          'Vai trò của tài khoản không có màn hình nào ở đây. Nếu cần, nhờ người quản trị thêm vai trò rồi đăng nhập lại.',
        )}
      </Empty>
    </Page>
  );
}
