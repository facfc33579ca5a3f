/** Where a screen is drawn: loaded when first opened, and contained when it breaks. */
import { Component, type ComponentType, lazy, type ReactNode, Suspense, useEffect } from 'react';
import { connection, noteLost, onConnection, useConnection } from '../ui/data/connection.ts';
import { hasRole, type Me } from '../ui/data/session.ts';
import { Empty, Skeleton } from '../ui/feedback/state.tsx';
import { Button, ButtonLink } from '../ui/form/button.tsx';
import { t } from '../ui/i18n/language.ts';
import { IconLock, IconMapPin, IconWifiOff } from '../ui/icons.ts';
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

/** A screen that anybody may open, drawn without a person. */
export function OpenPlace(props: { screen: Screen }) {
  const Shown = screenOf(props.screen);
  return (
    <Contained title={props.screen.title()}>
      <Suspense fallback={<Skeleton lines={6} />}>
        <Shown params={{}} />
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

/**
 * Fetches the screen of an address while the server is still asked who is signed in, so that it is drawn with its frame at once.
 * Whether it may be seen is decided when it is drawn.
 * @returns when it is there, or could not be fetched
 */
export function loadAhead(screen: Screen): Promise<void> {
  return screen.load().then(
    (module) => {
      loaded.set(screen.key, module.default);
    },
    // A line that breaks now is no fault here: it is said when the screen is drawn.
    () => undefined,
  );
}

/** Fetches the screens of this person while nothing else is to be done, so that they open without a network too. */
export function preloadScreens(all: readonly Screen[]): void {
  if (connection() === 'lost') return;
  // A line that breaks now is no fault here: it is said when the screen is opened.
  for (const screen of all) void screen.load().catch(() => undefined);
}

/** A screen that cannot be loaded or breaks leaves the rest of the page working; drafts are kept. */
export class Contained extends Component<{ title: string; children: ReactNode }, { broken: Error | null }> {
  override state = { broken: null as Error | null };

  static getDerivedStateFromError(broken: Error) {
    return { broken };
  }

  override render() {
    const { broken } = this.state;
    if (!broken) return this.props.children;
    return <Page title={this.props.title}>{isNotLoaded(broken) ? <NotLoaded /> : <Broken />}</Page>;
  }
}

/** The words of Chromium, Firefox and Safari for a part of the program that could not be fetched. */
function isNotLoaded({ message }: Error): boolean {
  return /dynamically imported module|importing a module script|preload CSS/i.test(message);
}

const RELOADED_AT = 'yb-reloaded-at';
/** A part that stays away although the server is here is not asked for on and on. */
const BETWEEN_RELOADS_MS = 30_000;

/**
 * Waits for the server and loads the page again at this address: a browser does not fetch a part a second time that failed
 * once. What is being typed elsewhere is kept on this machine.
 */
function NotLoaded() {
  const isHere = useConnection() === 'here';
  useEffect(() => {
    if (Date.now() - Number(sessionStorage.getItem(RELOADED_AT)) < BETWEEN_RELOADS_MS) return;
    const stop = onConnection((now) => {
      if (now !== 'here') return;
      sessionStorage.setItem(RELOADED_AT, String(Date.now()));
      window.location.reload();
    });
    noteLost();
    return () => void stop();
  }, []);
  return (
    <Empty
      icon={<IconWifiOff size={32} aria-hidden />}
      title={t('shell.not-loaded', 'Chưa tải được màn hình này')}
      act={
        // Without a network the browser would show its own page instead of this one.
        isHere && (
          <Button kind="primary" onPress={() => window.location.reload()}>
            {t('shell.reload', 'Tải lại màn hình')}
          </Button>
        )
      }
    >
      {t('shell.not-loaded-what', 'Mạng đang gián đoạn; chưa mất gì. Màn hình tự mở khi có mạng lại.')}
    </Empty>
  );
}

function Broken() {
  return (
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
  );
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
