/** What doses cost today, with what the stock has to sell, and packages. The list is content with dates. */
import { useState } from 'react';
import {
  ButtonLink,
  Empty,
  formatMoney,
  formatNumber,
  Loaded,
  Page,
  Panel,
  SearchField,
  Stack,
  Table,
  TwoLines,
  t,
  useQuery,
} from '../../../web/ui/index.ts';
import type { PackageRow, PriceRow } from '../paid/routes.ts';
import { namedIn } from './choices.ts';

export default function PaidPricesScreen() {
  const [text, setText] = useState('');
  const read = useQuery<{ rows: PriceRow[]; packages: PackageRow[] }>(
    ['programmes', 'paid', 'prices'],
    '/api/programmes/paid/prices',
  );
  const fits = (name: string) => name.toLocaleLowerCase('vi').includes(text.trim().toLocaleLowerCase('vi'));
  return (
    <Page
      title={t('programmes.paid.prices', 'Bảng giá')}
      acts={<ButtonLink to="/tiem-dich-vu">{t('programmes.paid', 'Tiêm dịch vụ')}</ButtonLink>}
    >
      <SearchField
        label={t('programmes.paid.find-vaccine', 'Tìm vắc xin')}
        width="260px"
        value={text}
        onChange={setText}
      />
      <Loaded read={read}>
        {({ rows, packages }) => (
          <Stack gap={16}>
            <Prices rows={rows.filter(({ name }) => fits(name))} />
            <Packages
              rows={packages.filter((one) => fits(one.title) || one.doses.some(({ name }) => fits(name)))}
            />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Prices({ rows }: { rows: PriceRow[] }) {
  const title = t('programmes.paid.by-dose', 'Từng mũi');
  return (
    <Panel title={title} flush>
      <Table
        label={title}
        rows={rows}
        rowKey={(row) => row.product}
        empty={
          <Empty title={t('programmes.paid.no-price', 'Không có vắc xin nào như vậy trong bảng giá hôm nay')}>
            {t(
              'programmes.paid.no-prices-hint',
              'Bảng giá là tệp nội dung của tỉnh (prices/vaccines.csv) theo loại cơ sở và ngày hiệu lực.',
            )}
          </Empty>
        }
        columns={[
          {
            key: 'name',
            title: t('programmes.session.vaccine', 'Vắc xin'),
            narrow: 12,
            draw: (row) => row.name,
          },
          {
            key: 'price',
            title: t('programmes.paid.price', 'Giá vắc xin'),
            align: 'right',
            narrow: 4,
            named: true,
            draw: (row) => formatMoney(row.price),
          },
          {
            key: 'fee',
            title: t('programmes.paid.fee-short', 'Công tiêm'),
            align: 'right',
            narrow: 4,
            named: true,
            draw: (row) => formatMoney(row.fee),
          },
          {
            key: 'sum',
            title: t('programmes.paid.sum', 'Cộng'),
            align: 'right',
            narrow: 4,
            named: true,
            draw: (row) => formatMoney(row.price + row.fee),
          },
          {
            key: 'free',
            title: t('programmes.paid.free', 'Liều còn bán được'),
            align: 'right',
            narrow: 6,
            named: true,
            draw: (row) => formatNumber(row.free),
          },
        ]}
      />
    </Panel>
  );
}

function Packages({ rows }: { rows: PackageRow[] }) {
  if (rows.length === 0) return null;
  const title = t('programmes.paid.packages', 'Gói');
  return (
    <Panel title={title} flush>
      <Table
        label={title}
        rows={rows}
        rowKey={(row) => row.code}
        columns={[
          {
            key: 'title',
            title,
            narrow: 12,
            draw: (row) => (
              <TwoLines
                first={namedIn(row)}
                second={row.doses.map(({ name, count }) => `${formatNumber(count)} × ${name}`).join(', ')}
              />
            ),
          },
          {
            key: 'listed',
            title: t('programmes.paid.listed', 'Mua lẻ'),
            align: 'right',
            narrow: 6,
            named: true,
            draw: (row) => formatMoney(row.listed),
          },
          {
            key: 'price',
            title: t('programmes.paid.package-price', 'Giá gói'),
            align: 'right',
            narrow: 6,
            named: true,
            draw: (row) => formatMoney(row.price),
          },
        ]}
      />
    </Panel>
  );
}
