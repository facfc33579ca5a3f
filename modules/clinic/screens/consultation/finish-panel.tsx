/** The end of the visit: outcome, follow-up, charges and who pays them, seen before it is written. */
import {
  api,
  Button,
  DateField,
  Facts,
  Form,
  formatMoney,
  Loaded,
  language,
  Notice,
  SelectField,
  SidePanel,
  Stack,
  Table,
  Text,
  TextField,
  t,
  useForm,
  useQuery,
} from '../../../../web/ui/index.ts';
import type { ChargesView, ClinicLists, FinishInput, VisitView } from '../../contract.ts';
import { dayOffWarning } from '../../finish/days-off.ts';

/** Recovered or better, and sent home: how nearly every visit at a station ends. */
const USUAL = { outcome: '2', dischargeType: '1' };

export function FinishPanel(props: {
  visit: VisitView;
  lists: ClinicLists | undefined;
  onClose: () => void;
  onFinished: (visit: VisitView) => void;
}) {
  const { visit, lists } = props;
  const charges = useQuery<ChargesView>(
    ['charges', visit.id, visit.version],
    `/api/clinic/visits/${visit.id}/charges`,
  );
  const form = useForm<FinishInput, VisitView>({
    draft: `finish.${visit.id}`,
    initial: { ...USUAL, followUp: null, followUpReason: '' },
    send: (values) => api.post(`/api/clinic/visits/${visit.id}/finish`, values, { ifMatch: visit.version }),
    onDone: props.onFinished,
  });
  const { followUp } = form.values;
  const dayOff = followUp?.length === 10 ? dayOffWarning(followUp, lists?.daysOff ?? []) : null;
  return (
    <SidePanel title={t('clinic.finish', 'Kết thúc khám')} opened onClose={props.onClose} width={560}>
      <Form
        form={form}
        label={t('clinic.finish', 'Kết thúc khám')}
        finish={t('clinic.finish.do', 'Kết thúc và ghi chi phí')}
      >
        <Stack gap={12}>
          {form.conflict !== undefined && (
            <Notice
              tone="look"
              title={t(
                'clinic.finish.conflict',
                'Lượt khám vừa có thay đổi. Đóng bảng này, xem lại rồi kết thúc.',
              )}
            />
          )}
          <SelectField
            label={t('clinic.finish.outcome', 'Kết quả điều trị')}
            required
            autoFocus
            choices={(lists?.outcomes ?? []).map(choice)}
            {...form.field('outcome')}
          />
          <SelectField
            label={t('clinic.finish.discharge', 'Loại ra viện')}
            required
            choices={(lists?.dischargeTypes ?? []).map(choice)}
            {...form.field('dischargeType')}
          />
          <DateField
            label={t('clinic.finish.follow-up', 'Hẹn tái khám')}
            expect="future"
            full
            hint={t('clinic.finish.follow-up-hint', 'Gõ +7 là sau 7 ngày; để trống nếu không hẹn')}
            {...form.field('followUp')}
          />
          {dayOff && <Notice tone="look" title={language() === 'en' ? dayOff.textEn : dayOff.text} />}
          <TextField
            label={t('clinic.finish.follow-up-why', 'Dặn khi tái khám')}
            {...form.field('followUpReason')}
          />
          <Loaded read={charges}>{(bill) => <Charges bill={bill} />}</Loaded>
          <Button kind="primary" submit wide busy={form.busy}>
            {t('clinic.finish.do', 'Kết thúc và ghi chi phí')}
          </Button>
        </Stack>
      </Form>
    </SidePanel>
  );
}

function choice(one: { code: string; name: string }) {
  return { value: one.code, label: `${one.code}. ${one.name}` };
}

export function Charges(props: { bill: ChargesView }) {
  const { bill } = props;
  return (
    <Stack gap={8}>
      <Table
        label={t('clinic.charges', 'Chi phí')}
        rows={bill.lines}
        rowKey={(line, index) => `${index}-${line.name}`}
        columns={[
          {
            key: 'name',
            title: t('clinic.charges.item', 'Khoản'),
            draw: (line) => (
              <Stack gap={0}>
                <Text>{line.name}</Text>
                <Text size={12} tone="soft">{`${line.quantity} ${line.unit}`}</Text>
              </Stack>
            ),
          },
          {
            key: 'total',
            title: t('clinic.charges.total', 'Thành tiền'),
            width: 92,
            align: 'right',
            draw: (line) => (line.total === null ? '–' : formatMoney(line.total)),
          },
          {
            key: 'insurer',
            title: t('clinic.charges.insurer', 'BHYT trả'),
            width: 92,
            align: 'right',
            draw: (line) => (line.insurer === null ? '–' : formatMoney(line.insurer)),
          },
        ]}
        foot={{
          name: t('clinic.charges.sum', 'Cộng'),
          total: formatMoney(bill.total),
          insurer: formatMoney(bill.insurer),
        }}
      />
      <Facts
        items={[
          [t('clinic.charges.level', 'Mức hưởng'), `${bill.level} %`],
          [t('clinic.charges.fund', 'Quỹ BHYT trả'), formatMoney(bill.insurer)],
          [t('clinic.charges.copay', 'Cùng chi trả'), formatMoney(bill.copay)],
          [t('clinic.charges.own', 'Tự trả'), formatMoney(bill.own)],
          [
            t('clinic.charges.due', 'Người bệnh nộp'),
            <Text key="due" strong>
              {formatMoney(bill.copay + bill.own)}
            </Text>,
          ],
        ]}
      />
      {bill.faults.map((fault) => (
        <Notice key={fault} tone="look" title={fault} />
      ))}
      {[...bill.reasons, ...bill.notes].map((note) => (
        <Text key={note.vi} as="p" size={12} tone="soft">
          {language() === 'en' ? note.en : note.vi}
        </Text>
      ))}
    </Stack>
  );
}
