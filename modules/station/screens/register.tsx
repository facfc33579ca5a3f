/** The day's register of visits: lines that nobody typed here, in the columns of the form in force. */
import { useState } from 'react';
import type { RegisterColumn, RegisterDefinition } from '../../../engines/reports/index.ts';
import {
  type Column,
  DayField,
  Empty,
  FileLink,
  formatDate,
  ListPanel,
  language,
  navigate,
  Page,
  Row,
  refresh,
  SearchField,
  Stack,
  Text,
  t,
  today,
  useList,
  useMe,
  usePush,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { BookLine } from '../index.ts';

/** Shares of the width; what is written in sentences gets more. */
const WIDTHS: Record<string, string> = {
  number: '48px',
  name: '1.6fr',
  identity: '124px',
  address: '1.4fr',
  symptoms: '1.1fr',
  diagnosis: '1.8fr',
  treatment: '1.5fr',
  examiner: '1.2fr',
};
const ROW_HEIGHT = 64;

export default function RegisterScreen() {
  const me = useMe();
  const [day, setDay] = useUrlState('ngay', today());
  const [text, setText] = useState('');
  const query = `date=${day}&q=${encodeURIComponent(text)}`;
  const list = useList<BookLine>(['register', day, text], `/api/station/register?${query}`);
  const book = useQuery<{ form: RegisterDefinition }>(
    ['register-form', day],
    `/api/station/register?date=${day}`,
  );
  usePush(me.unit ? `station/register/${me.unit}` : null, () => refresh(['register']));
  const form = book.data?.form;
  return (
    <Page
      title={t('station.register', 'Sổ khám bệnh')}
      beside={form && <Text tone="soft">{`${form.code} · ${form.source}`}</Text>}
      acts={
        <FileLink href={`/api/station/register.csv?${query}`}>
          {t('station.register.csv', 'Tải bảng tính')}
        </FileLink>
      }
      fill
    >
      <ListPanel
        id="register"
        label={t('station.register.of', 'Sổ khám bệnh ngày {day}', { day: formatDate(day) })}
        list={list}
        waits={book.loading}
        columns={columnsOf(form)}
        rowKey={(row) => row.encounter}
        onOpen={(row) => row.patient && navigate(`/ho-so/${encodeURIComponent(row.patient)}`)}
        rowHeight={ROW_HEIGHT}
        bar={
          <Row wrap>
            <DayField label={t('station.register.day', 'Ngày')} name="day" value={day} onChange={setDay} />
            <SearchField label={t('station.register.find', 'Tìm trong sổ')} value={text} onChange={setText} />
          </Row>
        }
        empty={
          <Empty title={t('station.register.none', 'Không có lượt khám nào')}>
            {text
              ? t(
                  'station.register.none-found',
                  'Không có dòng nào chứa các từ đã gõ. Xoá bớt từ để thấy nhiều hơn.',
                )
              : t(
                  'station.register.none-day',
                  'Ngày {day} chưa có ai được tiếp đón. Lượt khám hiện ở đây ngay khi phát số.',
                  { day: formatDate(day) },
                )}
          </Empty>
        }
      />
      <Text size={12} tone="faint">
        {t('station.register.view', 'Sổ này được lập từ hồ sơ; không ai phải chép lại.')}
      </Text>
    </Page>
  );
}

/** The form's columns; those that stand beneath another share its cell, so that all of the form fits an old screen. */
function columnsOf(form: RegisterDefinition | undefined): Column<BookLine>[] {
  const columns = form?.columns ?? [];
  const title = (column: RegisterColumn) => (language() === 'en' ? column.titleEn : column.title);
  return columns
    .filter((column) => !column.under)
    .map((column) => {
      const beneath = columns.filter((other) => other.under === column.key);
      return {
        key: column.key,
        title: title(column),
        width: WIDTHS[column.key] ?? '1fr',
        draw: (row) => <Cell row={row} column={column} beneath={beneath} title={title} />,
      };
    });
}

function Cell(props: {
  row: BookLine;
  column: RegisterColumn;
  beneath: RegisterColumn[];
  title: (column: RegisterColumn) => string;
}) {
  const { row, column } = props;
  if (row.patient === '' && column.value !== 'number')
    return <Text tone="faint">{t('station.book.withheld', 'Không được xem')}</Text>;
  const filled = props.beneath.filter((column) => textOf(row, column));
  const words = filled.map((column) => `${props.title(column)}: ${textOf(row, column)}`).join('\n');
  return (
    <Stack gap={0}>
      <Text oneLine={filled.length > 0} twoLines={filled.length === 0}>
        {textOf(row, props.column) || '–'}
      </Text>
      {filled.length > 0 && (
        <Text size={12} tone="soft" oneLine title={words}>
          {filled.map((column) => shortCell(column, textOf(row, column))).join(' · ')}
        </Text>
      )}
    </Stack>
  );
}

/** What the record holds stands as it was written; a state of the visit is said in the language of the screen. */
function textOf(row: BookLine, column: RegisterColumn): string {
  const text = row.cells[column.key] ?? '';
  return column.key === 'note' && text ? stateWord(text) : text;
}

function stateWord(written: string): string {
  const words: Record<string, string> = {
    'Chờ khám': t('station.register.waiting', 'Chờ khám'),
    'Tạm vắng': t('station.register.away', 'Tạm vắng'),
    'Đang khám': t('station.register.seeing', 'Đang khám'),
    'Đã huỷ': t('station.register.cancelled', 'Đã huỷ'),
  };
  return words[written] ?? written;
}

/** A date of birth alone does not say whose sex it stands under. */
function shortCell(column: RegisterColumn, text: string): string {
  if (column.key === 'male') return t('station.register.male', 'Nam {birth}', { birth: text });
  if (column.key === 'female') return t('station.register.female', 'Nữ {birth}', { birth: text });
  return text;
}
