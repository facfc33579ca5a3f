/** Who read or wrote what, when and why: the audit, for the administrator, who sees no clinical data. */
import type { AuditRow } from '../../../kernel/access/audit-reading.ts';
import {
  addDays,
  Badge,
  Button,
  type Column,
  DayField,
  Empty,
  FilterChips,
  formatDate,
  formatDateTime,
  ListPanel,
  Page,
  Row,
  SearchField,
  Text,
  TwoLines,
  t,
  today,
  useList,
  useUrlState,
} from '../../../web/ui/index.ts';
import { actionText, outcomeText, purposeText, whatText } from './audit-words.ts';

export default function AuditScreen() {
  const [day, setDay] = useUrlState('ngay', today());
  const [who, setWho] = useUrlState('ai');
  const [outcome, setOutcome] = useUrlState('ket-qua');
  const [patient, setPatient] = useUrlState('nguoi-benh');
  const query = new URLSearchParams({
    from: day,
    to: addDays(day, 1),
    ...(who ? { who } : {}),
    ...(outcome ? { outcome } : {}),
    ...(patient ? { patient } : {}),
  });
  const list = useList<AuditRow>(['audit', query.toString()], `/api/access/audit?${query}`);
  return (
    <Page
      title={t('operations.audit', 'Nhật ký truy cập')}
      beside={
        <Text tone="soft">
          {t('operations.audit.say', 'Chỉ thêm, không sửa xoá được; lần xem này cũng được ghi')}
        </Text>
      }
      fill
    >
      <ListPanel
        id="audit"
        label={t('operations.audit', 'Nhật ký truy cập')}
        list={list}
        columns={columns()}
        rowKey={(row) => row.id}
        onOpen={(row) => row.patient && setPatient(row.patient)}
        rowHeight={52}
        bar={
          <Row wrap>
            <DayField label={t('operations.audit.day', 'Ngày')} name="day" value={day} onChange={setDay} />
            <SearchField
              label={t('operations.audit.who', 'Tên tài khoản')}
              value={who}
              onChange={setWho}
              width="180px"
            />
            <FilterChips
              label={t('operations.audit.outcome', 'Kết quả')}
              value={outcome}
              onChange={setOutcome}
              chips={[
                { value: '', label: t('operations.audit.all', 'Tất cả') },
                { value: 'refused', label: outcomeText('refused') },
                { value: 'failed', label: outcomeText('failed') },
              ]}
            />
            {patient && (
              <Button kind="quiet" small onPress={() => setPatient('')}>
                {t('operations.audit.everybody', 'Bỏ lọc người bệnh {id}', { id: patient })}
              </Button>
            )}
          </Row>
        }
        empty={
          <Empty title={t('operations.audit.none', 'Không có dòng nào')}>
            {t(
              'operations.audit.none-hint',
              'Ngày {day} không có dòng nào như vậy. Bỏ bớt điều kiện, hoặc ghi đúng cả tên tài khoản.',
              { day: formatDate(day) },
            )}
          </Empty>
        }
      />
    </Page>
  );
}

function columns(): Column<AuditRow>[] {
  return [
    {
      key: 'at',
      title: t('operations.audit.at', 'Lúc'),
      draw: (row) => formatDateTime(row.at),
      width: '140px',
    },
    {
      key: 'who',
      title: t('operations.audit.by', 'Ai'),
      width: '1.2fr',
      draw: (row) => <TwoLines first={row.who} second={row.unit ?? row.whoDisplay} title={row.whoDisplay} />,
    },
    {
      key: 'action',
      title: t('operations.audit.action', 'Việc'),
      draw: (row) => actionText(row.action),
      width: '120px',
    },
    {
      key: 'what',
      title: t('operations.audit.what', 'Trên bản ghi'),
      width: '2.4fr',
      draw: (row) => (
        <TwoLines
          first={whatText(row.what)}
          title={row.what}
          second={[
            row.patient && t('operations.audit.person', 'người bệnh {id}', { id: row.patient }),
            purposeText(row.why),
          ]
            .filter(Boolean)
            .join(' · ')}
        />
      ),
    },
    {
      key: 'ip',
      title: t('operations.audit.ip', 'Máy'),
      draw: (row) => row.ip,
      width: '110px',
    },
    {
      key: 'outcome',
      title: t('operations.audit.outcome', 'Kết quả'),
      draw: (row) =>
        row.outcome === 'ok' ? (
          <Text tone="soft">{outcomeText('ok')}</Text>
        ) : (
          <Badge tone={row.outcome === 'refused' ? 'danger' : 'look'}>{outcomeText(row.outcome)}</Badge>
        ),
      width: '120px',
    },
  ];
}
