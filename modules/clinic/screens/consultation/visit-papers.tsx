/** Papers of the content that are made of a visit: request, results, transfer, follow-up, and whatever a province adds. */
import { useState } from 'react';
import {
  api,
  Button,
  openWindow,
  Panel,
  SelectField,
  Stack,
  showPdf,
  t,
  toast,
  useMutation,
  useQuery,
} from '../../../../web/ui/index.ts';

interface Kind {
  key: string;
  title: string;
  about: string[];
}

export function VisitPapers(props: { visit: string }) {
  const kinds = useQuery<{ rows: Kind[] }>(['paper-kinds'], '/api/documents/papers');
  const ofVisits = (kinds.data?.rows ?? []).filter(({ about }) => about.includes('Encounter'));
  const [key, setKey] = useState('');
  const make = useMutation(async () => {
    const opened = openWindow();
    try {
      const { row, data } = await api.post<{ row: { number: string } | null; data: string }>(
        `/api/documents/papers/${key}`,
        { subject: `Encounter/${props.visit}` },
      );
      showPdf(opened, data);
      toast({ text: t('clinic.papers.made', 'Đã in giấy {number}.', { number: row?.number ?? '' }) });
    } catch (error) {
      opened?.close();
      throw error;
    }
  });
  if (ofVisits.length === 0) return null;
  return (
    <Panel title={t('clinic.papers', 'Giấy của lượt khám')} level={3}>
      <Stack gap={8}>
        <SelectField
          label={t('clinic.papers.kind', 'Loại giấy')}
          name="visit-paper"
          empty={t('clinic.papers.choose', 'Chọn loại giấy')}
          value={key}
          onChange={setKey}
          choices={ofVisits.map((kind) => ({ value: kind.key, label: kind.title }))}
        />
        <Button disabled={key === ''} busy={make.busy} onPress={() => make.run(undefined)}>
          {t('clinic.papers.print', 'Lập và in giấy')}
        </Button>
      </Stack>
    </Panel>
  );
}
