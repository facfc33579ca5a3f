/** The laboratory's list: orders that wait for a result, pushed; the result is typed beside it. */
import { useState } from 'react';
import {
  type Column,
  Columns,
  Empty,
  formatAge,
  formatSex,
  ListPanel,
  Page,
  refresh,
  Since,
  Stack,
  Text,
  t,
  toast,
  useList,
  useMe,
  usePush,
  Workspace,
} from '../../../web/ui/index.ts';
import type { WaitingOrder } from '../contract.ts';
import { ResultForm } from './consultation/result-form.tsx';
import { FindPerson, NobodyFound } from './find-person.tsx';
import { personColumns } from './person-columns.tsx';

export default function LaboratoryScreen() {
  const { unit } = useMe();
  const [text, setText] = useState('');
  const query = text ? `?q=${encodeURIComponent(text)}` : '';
  const list = useList<WaitingOrder>(['laboratory', text], `/api/clinic/laboratory/orders${query}`);
  usePush(unit ? `clinic/laboratory/${unit}` : null, () => refresh(['laboratory']));
  const [chosen, setChosen] = useState<WaitingOrder | null>(null);
  return (
    <Page title={t('clinic.laboratory', 'Phòng xét nghiệm')} fill>
      <Columns widths={chosen ? ['1fr', '400px'] : ['1fr']} fill>
        <ListPanel
          id="laboratory"
          label={t('clinic.laboratory.list', 'Chỉ định chờ kết quả')}
          list={list}
          columns={columns()}
          rowKey={(row) => row.order.id}
          onOpen={setChosen}
          bar={<FindPerson value={text} onChange={setText} />}
          empty={
            text ? (
              <NobodyFound />
            ) : (
              <Empty title={t('clinic.laboratory.empty', 'Không còn chỉ định nào chờ kết quả')}>
                {t('clinic.laboratory.empty-hint', 'Chỉ định mới của bác sĩ sẽ hiện ngay ở đây.')}
              </Empty>
            )
          }
          autoFocus
        />
        {chosen && (
          <Workspace title={chosen.order.name} onClose={() => setChosen(null)}>
            <Stack gap={12}>
              <Text strong as="p">
                {chosen.name}, {formatSex(chosen.gender)}, {formatAge(chosen.birthDate)}
              </Text>
              <Text as="p" tone="soft">
                {t('clinic.laboratory.by', 'Bác sĩ chỉ định: {name}', { name: chosen.orderedBy })}
              </Text>
              <ResultForm
                key={chosen.order.id}
                encounter={chosen.encounter}
                order={chosen.order}
                main
                onSaved={() => {
                  toast(t('clinic.laboratory.saved', 'Đã trả kết quả {name}', { name: chosen.order.name }));
                  setChosen(null);
                  void refresh(['laboratory']);
                }}
              />
            </Stack>
          </Workspace>
        )}
      </Columns>
    </Page>
  );
}

function columns(): Column<WaitingOrder>[] {
  return [
    ...personColumns<WaitingOrder>(),
    {
      key: 'order',
      title: t('clinic.lab', 'Xét nghiệm'),
      width: '3fr',
      draw: (row) => <Text oneLine>{row.order.name}</Text>,
    },
    {
      key: 'since',
      title: t('clinic.laboratory.since', 'Chỉ định lúc'),
      width: '120px',
      draw: (row) => <Since at={row.order.orderedAt} />,
    },
  ];
}
