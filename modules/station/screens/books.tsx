/** The registers of the content that are in force today. */
import {
  Empty,
  Link,
  Loaded,
  language,
  Page,
  Panel,
  Stack,
  Table,
  Text,
  t,
  useQuery,
} from '../../../web/ui/index.ts';
import type { BookRow } from '../books.ts';

export default function BooksScreen() {
  const read = useQuery<{ rows: BookRow[] }>(['books'], '/api/station/books');
  const label = t('station.books', 'Sổ sách');
  return (
    <Page title={label}>
      <Stack gap={12}>
        <Text tone="soft">
          {t('station.books.what', 'Mọi sổ đang có hiệu lực, lập từ hồ sơ; không ai phải chép lại dòng nào.')}
        </Text>
        <Panel title={label} flush>
          <Loaded read={read}>
            {({ rows }) => (
              <Table
                label={label}
                rows={rows}
                rowKey={(row) => row.key}
                empty={
                  <Empty title={t('station.books.none', 'Chưa có sổ nào có hiệu lực')}>
                    {t('station.books.none-hint', 'Hãy báo quản trị nội dung: sổ là tệp của nội dung.')}
                  </Empty>
                }
                columns={[
                  {
                    key: 'title',
                    title: t('station.books.col.title', 'Tên sổ'),
                    draw: (row) => (
                      <Link to={`/so/${row.key}`}>{language() === 'en' ? row.titleEn : row.title}</Link>
                    ),
                  },
                  {
                    key: 'source',
                    title: t('station.books.col.source', 'Căn cứ'),
                    draw: (row) => <Text tone="soft">{`${row.code} · ${row.source}`}</Text>,
                  },
                ]}
              />
            )}
          </Loaded>
        </Panel>
      </Stack>
    </Page>
  );
}
