/** Beside the consultation: why they came, insurance, what still runs, earlier visits. */
import { Badge, Facts, formatDate, Link, Panel, Stack, Text, t } from '../../../../web/ui/index.ts';
import type { VisitView } from '../../contract.ts';
import { VisitPapers } from './visit-papers.tsx';

export function Side(props: { visit: VisitView }) {
  const { visit } = props;
  return (
    <Stack gap={12}>
      <Panel title={t('clinic.side.visit', 'Lượt khám')} level={3}>
        <Facts
          items={[
            [t('clinic.col.ticket', 'Số'), visit.ticket],
            [t('clinic.col.reason', 'Lý do đến'), visit.reason],
            [t('clinic.side.room', 'Phòng'), visit.room.name],
            [t('clinic.col.doctor', 'Bác sĩ'), visit.doctor?.name ?? ''],
            [t('clinic.side.card', 'Thẻ BHYT'), <Card key="card" visit={visit} />],
          ]}
        />
      </Panel>
      <Panel title={t('clinic.side.running', 'Thuốc đang dùng')} level={3}>
        {visit.running.length === 0 ? (
          <Text tone="soft">{t('clinic.side.running-none', 'Không có đơn nào còn hiệu lực.')}</Text>
        ) : (
          <Stack gap={8}>
            {visit.running.map((one) => (
              <div key={one.reference}>
                <Text strong as="div">
                  {one.name}
                </Text>
                <Text size={13} tone="soft" as="div">
                  {one.usage}
                  {one.until && ` (${t('clinic.side.until', 'đến {day}', { day: formatDate(one.until) })})`}
                </Text>
              </div>
            ))}
          </Stack>
        )}
      </Panel>
      <Panel title={t('clinic.side.history', 'Các lần khám trước')} level={3}>
        {visit.history.length === 0 ? (
          <Text as="p" tone="soft">
            {t('clinic.side.history-none', 'Chưa có lần khám nào trong hồ sơ.')}
          </Text>
        ) : (
          <Stack gap={8}>
            {visit.history.map((one) => (
              <div key={one.encounter}>
                <Text size={13} tone="soft" as="div">
                  {formatDate(one.at)} {one.place}
                </Text>
                <Text as="div">{one.diagnoses}</Text>
              </div>
            ))}
          </Stack>
        )}
        <Link to={`/ho-so/${visit.person.id}`}>{t('clinic.side.record', 'Mở hồ sơ suốt đời')}</Link>
      </Panel>
      <VisitPapers visit={visit.id} />
    </Stack>
  );
}

function Card(props: { visit: VisitView }) {
  const { card } = props.visit;
  if (!card) return <Text tone="soft">{t('clinic.side.card-none', 'không có')}</Text>;
  return (
    <Stack gap={4}>
      <Text>{card.number}</Text>
      <Badge tone={card.valid ? 'done' : 'danger'}>
        {card.valid
          ? t('clinic.side.card-valid', 'còn hạn đến {day}', { day: formatDate(card.to) })
          : t('clinic.side.card-invalid', 'không có giá trị hôm nay')}
      </Badge>
    </Stack>
  );
}
