/** Where a screen is drawn: loaded when first opened, and contained when it breaks. */
import { Component, type ComponentType, lazy, type ReactNode, Suspense } from 'react';
import { hasRole, type Me } from '../ui/data/session.ts';
import { Empty, Skeleton } from '../ui/feedback/state.tsx';
import { Button, ButtonLink } from '../ui/form/button.tsx';
import { t } from '../ui/i18n/language.ts';
import { IconLock, IconMapPin } from '../ui/icons.ts';
import { Page } from '../ui/layout/layout.tsx';
import type { Screen, ScreenProps } from '../ui/screen.ts';
import { Home } from './home.tsx';

const loaded = new Map<string, ComponentType<ScreenProps>>();

export function ScreenPlace(props: {
  at: { screen: Screen; params: Record<string, string> } | null;
  me: Me;
}) {
  const { at, me } = props;
  if (!at) return window.location.pathname === '/' ? <Home me={me} /> : <NoScreen />;
  if (!hasRole(me, at.screen.roles)) return <NotYours screen={at.screen} />;
  const Shown = screenOf(at.screen);
  const place = at.screen.key + JSON.stringify(at.params);
  return (
    <Contained key={place} title={at.screen.title()}>
      <Suspense fallback={<Skeleton lines={6} />}>
        <Shown params={at.params} />
      </Suspense>
    </Contained>
  );
}

function screenOf(screen: Screen): ComponentType<ScreenProps> {
  const known = loaded.get(screen.key);
  if (known) return known;
  const made = lazy(screen.load);
  loaded.set(screen.key, made);
  return made;
}

/** A screen that cannot be loaded or breaks leaves the rest of the page working; drafts are kept. */
export class Contained extends Component<{ title: string; children: ReactNode }, { broken: Error | null }> {
  override state = { broken: null as Error | null };

  static getDerivedStateFromError(broken: Error) {
    return { broken };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <Page title={this.props.title}>
        <Empty
          title={t('shell.broken', 'Màn hình này gặp lỗi')}
          act={
            <Button kind="primary" onPress={() => window.location.reload()}>
              {t('shell.reload', 'Tải lại màn hình')}
            </Button>
          }
        >
          {t('shell.broken-what', 'Phần đang gõ dở đã được giữ trên máy này và sẽ mở lại sau khi tải lại.')}
        </Empty>
      </Page>
    );
  }
}

function NoScreen() {
  return (
    <Page title={t('shell.nowhere', 'Không có trang này')}>
      <Empty
        icon={<IconMapPin size={32} aria-hidden />}
        title={t('shell.nowhere-title', 'Địa chỉ này không có màn hình nào')}
        act={<ButtonLink to="/">{t('shell.to-home', 'Về trang đầu')}</ButtonLink>}
      >
        {t('shell.nowhere-what', 'Có thể đường dẫn bị cắt khi chép. Hãy chọn nơi làm việc ở cột trái.')}
      </Empty>
    </Page>
  );
}

function NotYours(props: { screen: Screen }) {
  return (
    <Page title={props.screen.title()}>
      <Empty
        icon={<IconLock size={32} aria-hidden />}
        title={t('shell.not-yours', 'Tài khoản này không dùng màn hình này')}
        act={<ButtonLink to="/">{t('shell.to-home', 'Về trang đầu')}</ButtonLink>}
      >
        {t('shell.not-yours-what', 'Nếu cần, nhờ người quản trị của đơn vị thêm vai trò cho tài khoản.')}
      </Empty>
    </Page>
  );
}
