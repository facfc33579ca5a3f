import { useState } from 'react';
import {
  Badge,
  type BannerPerson,
  Button,
  Columns,
  Facts,
  formatMoney,
  Page,
  Panel,
  PatientBanner,
  Row,
  Sparkline,
  Stack,
  Table,
  Tabs,
  Text,
  Timeline,
} from '../../../web/ui/index.ts';

const person: BannerPerson = {
  id: 'p1',
  name: 'Nguyễn Hoàng Khánh Quỳnh Như',
  gender: 'female',
  birthDate: '1985-02-07',
  identifiers: [
    { label: 'Số định danh', value: '099185012345' },
    { label: 'Số thẻ', value: 'DN4000012345678' },
  ],
  allergies: [{ text: 'Penicillin (sốc phản vệ)', high: true }],
  flags: [{ text: 'Thai 28 tuần', tone: 'info' }, { text: 'Nguy cơ ngã' }],
  demo: true,
};

const drugs = [
  { code: 'T1', name: 'Amlodipin 5 mg', use: 'Sáng 1 viên, sau ăn', count: 30, price: 450 },
  {
    code: 'T2',
    name: 'Metformin 850 mg',
    use: 'Sáng 1 viên, tối 1 viên, trong bữa ăn',
    count: 60,
    price: 1200,
  },
];

export function PersonPage() {
  const [tab, setTab] = useState('visit');
  const [shown, setShown] = useState<string | null>('e2');
  return (
    <Page title="Hồ sơ" hideTitle>
      <PatientBanner person={person} acts={<Button small>Mở lượt khám</Button>} />
      <Columns widths={['340px', '1fr']}>
        <Panel title="Diễn biến">
          <Timeline
            label="Diễn biến"
            selected={shown}
            onOpen={(entry) => setShown(entry.id)}
            entries={[
              {
                id: 'e1',
                at: '2026-11-22T08:05:00+07:00',
                title: 'Khám bệnh',
                note: 'Tăng huyết áp vô căn (I10)',
                tone: 'brand',
              },
              {
                id: 'e2',
                at: '2026-11-22T08:30:00+07:00',
                title: 'Kết quả xét nghiệm',
                note: 'Glucose 11,2 mmol/L',
                tone: 'look',
                beside: <Badge tone="look">Cao</Badge>,
              },
              { id: 'e3', at: '2026-10-01T09:00:00+07:00', title: 'Tiêm vắc xin cúm mùa', tone: 'done' },
              {
                id: 'e4',
                at: '2026-09-12',
                title: 'Phản vệ độ II',
                note: 'Sau tiêm penicillin',
                tone: 'danger',
              },
            ]}
          />
        </Panel>
        <Stack gap={16}>
          <Panel>
            <Tabs
              label="Phần của hồ sơ"
              value={tab}
              onChange={setTab}
              tabs={[
                { key: 'visit', label: 'Lượt khám' },
                { key: 'drug', label: 'Đơn thuốc', beside: <Text tone="faint">2</Text> },
                { key: 'trend', label: 'Chỉ số' },
              ]}
            >
              <Stack style={{ paddingTop: 12 }}>
                <Facts
                  items={[
                    ['Huyết áp', <Trend key="1" text="150/90 mmHg" values={[162, 155, null, 158, 150]} />],
                    ['Mạch', <Trend key="2" text="78 lần/phút" values={[80, 82, 79, 78]} />],
                    ['Lý do đến', 'Đau đầu, hoa mắt khi đứng dậy ba ngày nay'],
                    ['Tái khám', ''],
                  ]}
                />
              </Stack>
            </Tabs>
          </Panel>
          <Panel title="Đơn thuốc" flush>
            <Table
              label="Đơn thuốc"
              rows={drugs}
              rowKey={(drug) => drug.code}
              columns={[
                { key: 'name', title: 'Thuốc', draw: (drug) => <strong>{drug.name}</strong> },
                { key: 'use', title: 'Cách dùng', draw: (drug) => drug.use },
                { key: 'count', title: 'Số lượng', align: 'right', draw: (drug) => drug.count },
                {
                  key: 'sum',
                  title: 'Thành tiền',
                  align: 'right',
                  draw: (drug) => formatMoney(drug.count * drug.price),
                },
              ]}
              foot={{ name: 'Cộng', sum: formatMoney(85500) }}
            />
          </Panel>
        </Stack>
      </Columns>
    </Page>
  );
}

function Trend(props: { text: string; values: (number | null)[] }) {
  return (
    <Row gap={12}>
      <Text strong>{props.text}</Text>
      <Sparkline
        values={props.values}
        label={`Các lần trước: ${props.values.join(', ')}`}
        normal={[90, 140]}
      />
    </Row>
  );
}
