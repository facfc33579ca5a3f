/** Applications that the person let in: with what, since when, last used; taking back ends them at once. */
import { useState } from 'react';
import {
  api,
  Button,
  Dialog,
  Empty,
  Facts,
  formatDateTime,
  Loaded,
  Page,
  Panel,
  Row,
  Stack,
  Text,
  t,
  toast,
  useMutation,
  useQuery,
} from '../../../web/ui/index.ts';
import { type ConsentItem, named, noteOf } from './words.ts';

/** A row of `GET /api/access/apps`. */
interface GivenApp {
  client: string;
  name: string;
  items: ConsentItem[];
  offline: boolean;
  since: string;
  lastUsed: string | null;
}

export default function GivenAppsScreen() {
  const read = useQuery<{ rows: GivenApp[] }>(['given-apps'], '/api/access/apps');
  return (
    <Page title={t('apps.given', 'Ứng dụng đã cho phép')} narrow>
      <Loaded read={read} lines={6}>
        {({ rows }) =>
          rows.length === 0 ? (
            <Empty title={t('apps.none', 'Bạn chưa cho ứng dụng nào xem dữ liệu.')} />
          ) : (
            <Stack gap={16}>
              {rows.map((app) => (
                <App key={`${app.client} ${app.since}`} app={app} />
              ))}
            </Stack>
          )
        }
      </Loaded>
    </Page>
  );
}

function App({ app }: { app: GivenApp }) {
  const [asking, setAsking] = useState(false);
  const revoke = useMutation(
    (client: string) => api.remove(`/api/access/apps/${encodeURIComponent(client)}`),
    {
      refreshes: [['given-apps']],
    },
  );
  const end = async () => {
    await revoke.run(app.client);
    toast(t('apps.revoked', 'Đã thu hồi quyền của {app}', { app: app.name }));
  };
  return (
    <Panel
      title={app.name}
      acts={
        <Button kind="danger" onPress={() => setAsking(true)}>
          {t('apps.revoke', 'Thu hồi')}
        </Button>
      }
    >
      <Stack gap={12}>
        <Facts
          items={[
            [t('apps.since', 'Cho phép lúc'), formatDateTime(app.since)],
            [
              t('apps.last-used', 'Dùng lần cuối'),
              app.lastUsed ? formatDateTime(app.lastUsed) : t('apps.never', 'chưa dùng'),
            ],
            [
              t('apps.until', 'Đến khi'),
              app.offline
                ? t('apps.until-revoked', 'bạn thu hồi, hoặc hết hạn')
                : t('apps.until-sign-out', 'bạn đăng xuất khỏi máy này'),
            ],
          ]}
        />
        <Stack gap={4}>
          {app.items.map((item) => (
            <Text key={item.scope} as="p">
              <strong>{named(item.name)}</strong> {noteOf(item)}
            </Text>
          ))}
        </Stack>
      </Stack>
      <Dialog
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('apps.revoke-ask', 'Thu hồi quyền của {app}?', { app: app.name })}
      >
        <Text as="p">
          {t(
            'apps.revoke-what',
            'Ứng dụng mất quyền ngay. Những gì ứng dụng đã lấy về thì Y Bạ không xóa được.',
          )}
        </Text>
        <Row gap={12}>
          <Button kind="danger" busy={revoke.busy} onPress={() => void end()}>
            {t('apps.revoke', 'Thu hồi')}
          </Button>
          <Button onPress={() => setAsking(false)}>{t('apps.keep', 'Để nguyên')}</Button>
        </Row>
      </Dialog>
    </Panel>
  );
}
