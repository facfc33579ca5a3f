/** Pivots that were kept: opened again, and the one on the screen kept by a name. */
import { useState } from 'react';
import {
  ApiFailure,
  api,
  Button,
  CheckBox,
  Heading,
  Notice,
  Row,
  refresh,
  Stack,
  Text,
  TextField,
  t,
  toast,
} from '../../../web/ui/index.ts';
import type { KeptPivot } from '../kept-pivots.ts';

export function KeptPivots(props: {
  rows: readonly KeptPivot[];
  ask: Readonly<Record<string, string>>;
  show: (ask: Readonly<Record<string, string>>) => void;
}) {
  const [name, setName] = useState('');
  const [shared, setShared] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const attempt = async (act: () => Promise<unknown>, done: string) => {
    try {
      await act();
      setProblem(null);
      toast({ text: done });
      await refresh(['pivots']);
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error;
      setProblem(error.message);
    }
  };
  const keep = () =>
    attempt(
      async () => {
        await api.post('/api/statistics/pivots', { name, shared, ask: props.ask });
        setName('');
      },
      t('statistics.pivot.kept.done', 'Đã giữ bảng “{name}”', { name }),
    );
  return (
    <Stack>
      <Heading level={2} size={16}>
        {t('statistics.pivot.kept', 'Bảng đã giữ')}
      </Heading>
      {problem && <Notice tone="danger" title={problem} />}
      {props.rows.length === 0 && (
        <Text tone="soft">{t('statistics.pivot.kept.none', 'Chưa giữ bảng nào')}</Text>
      )}
      {props.rows.map((row) => (
        <Row key={row.id} spread>
          <Button kind="quiet" onPress={() => props.show({ ...row.ask })}>
            {row.own ? row.name : `${row.name} (${row.ownerName})`}
          </Button>
          {row.own && (
            <Button
              kind="quiet"
              small
              label={t('statistics.pivot.drop', 'Bỏ bảng {name}', { name: row.name })}
              onPress={() =>
                void attempt(
                  () => api.remove(`/api/statistics/pivots/${row.id}`),
                  t('statistics.pivot.dropped', 'Đã bỏ bảng “{name}”', { name: row.name }),
                )
              }
            >
              {t('statistics.pivot.drop.short', 'Bỏ')}
            </Button>
          )}
        </Row>
      ))}
      <TextField
        label={t('statistics.pivot.name', 'Giữ bảng này với tên')}
        name="pivot-name"
        value={name}
        onChange={setName}
      />
      <CheckBox
        label={t('statistics.pivot.shared', 'Đơn vị tôi cùng thấy')}
        checked={shared}
        onChange={setShared}
      />
      <Button kind="primary" disabled={name.trim() === ''} onPress={() => void keep()}>
        {t('statistics.pivot.keep', 'Giữ bảng')}
      </Button>
    </Stack>
  );
}
