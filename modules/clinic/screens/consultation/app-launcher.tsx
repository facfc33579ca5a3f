/** Applications of others, opened for the person and the visit on the screen (SMART EHR launch). */
import { useState } from 'react';
import { api, Button, Dialog, Stack, Text, t, useMutation, useQuery } from '../../../../web/ui/index.ts';

interface LaunchableApp {
  id: string;
  name: string;
}

/** Nothing when no application is registered. */
export function AppLauncher(props: { patient: string; encounter: string }) {
  const apps =
    useQuery<{ rows: LaunchableApp[] }>(['launchable-apps'], '/api/access/launch').data?.rows ?? [];
  const [opened, setOpened] = useState(false);
  const { patient, encounter } = props;
  const launch = useMutation(async (client: string) => {
    const { url } = await api.post<{ url: string }>('/api/access/launch', { client, patient, encounter });
    window.open(url, '_blank', 'noopener');
    setOpened(false);
  });
  if (apps.length === 0) return null;
  return (
    <>
      <Button onPress={() => setOpened(true)}>{t('clinic.apps', 'Ứng dụng')}</Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t('clinic.apps.open', 'Mở ứng dụng')}>
        <Text tone="soft" as="p">
          {t('clinic.apps.what', 'Ứng dụng mở ở trang mới, với người bệnh và lượt khám này.')}
        </Text>
        <Stack gap={8}>
          {apps.map(({ id, name }) => (
            <Button key={id} busy={launch.busy} onPress={() => void launch.run(id)}>
              {name}
            </Button>
          ))}
        </Stack>
      </Dialog>
    </>
  );
}
