/** One register of the content, in its own columns, between two days. */
import { useState } from 'react';
import type { RegisterColumn } from '../../../engines/reports/index.ts';
import {
  type Column,
  DateField,
  DayField,
  Empty,
  FileLink,
  ListPanel,
  language,
  navigate,
  Page,
  Row,
  refresh,
  type ScreenProps,
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
import type { BookPage } from '../books.ts';

type Line = BookPage['rows'][number];

const ROW_HEIGHT = 64;
/** px of one share of the content's widths: a day fits 0.9. */
const SHARE = 100;
const LEAST = 48;
/** A column up to this share is as wide as its content, wider ones take what is left. */
const FIXED_SHARE = 1;

/** The person of a line; of a line about nobody the form that it was written with. */
function openLine({ person, resource, withheld }: Line, ofForms: boolean): void {
  if (person) navigate(`/ho-so/${encodeURIComponent(person)}`);
  else if (ofForms && !withheld) navigate(`/phieu/${encodeURIComponent(resource)}`);
}

export default function BookScreen({ params }: ScreenProps) {
  const key = params.key ?? '';
  const me = useMe();
  const [chosen, setFrom] = useUrlState('tu');
  const [to, setTo] = useUrlState('den', today());
  const [text, setText] = useState('');
  const days = `from=${chosen}&to=${to}`;
  const address = `/api/station/books/${encodeURIComponent(key)}`;
  const query = `${days}&q=${encodeURIComponent(text)}`;
  const list = useList<Line>(['book', key, chosen, to, text], `${address}?${query}`);
  const read = useQuery<BookPage>(['book-form', key, chosen, to], `${address}?${days}`);
  // Visits of the unit make new lines.
  usePush(me.unit ? `station/register/${me.unit}` : null, () => refresh(['book']));
  const book = read.data?.book;
  const title = book ? (language() === 'en' ? book.titleEn : book.title) : t('station.book', 'Sổ');
  return (
    <Page
      title={title}
      beside={book && <Text tone="soft">{`${book.code} · ${book.source}`}</Text>}
      acts={
        <>
          <FileLink save={false} href={`${address}/file.pdf?${query}`}>
            {t('station.book.print', 'In')}
          </FileLink>
          <FileLink href={`${address}/file.xlsx?${query}`}>
            {t('station.book.xlsx', 'Tải bảng tính')}
          </FileLink>
        </>
      }
      fill
    >
      <ListPanel
        id="book"
        label={title}
        list={list}
        waits={read.loading}
        columns={columnsOf(read.data?.columns ?? [])}
        rowKey={(row) => row.resource}
        onOpen={(row) => openLine(row, read.data?.ofForms === true)}
        rowHeight={ROW_HEIGHT}
        bar={
          <Row wrap>
            <DateField
              label={t('station.book.from', 'Từ ngày')}
              name="from"
              bare
              full
              width="150px"
              value={chosen || (read.data?.from ?? null)}
              onChange={(day) => setFrom(day ?? '')}
            />
            <DayField label={t('station.book.to', 'Đến ngày')} name="to" value={to} onChange={setTo} />
            <SearchField label={t('station.register.find', 'Tìm trong sổ')} value={text} onChange={setText} />
          </Row>
        }
        empty={
          <Empty title={t('station.book.none', 'Không có dòng nào')}>
            {t(
              'station.book.none-hint',
              'Những ngày này chưa ghi gì. Chọn ngày sớm hơn hoặc xoá bớt từ đã gõ.',
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

/** The book's columns; those that stand beneath another share its cell. */
function columnsOf(columns: readonly RegisterColumn[]): Column<Line>[] {
  const title = (column: RegisterColumn) => (language() === 'en' ? column.titleEn : column.title);
  return columns
    .filter((column) => !column.under)
    .map((column) => {
      const beneath = columns.filter((other) => other.under === column.key);
      return {
        key: column.key,
        title: title(column),
        ...widthOf(column.width ?? 1),
        named: column.value !== 'number',
        draw: (row) => <Cell row={row} column={column} beneath={beneath} title={title} />,
      };
    });
}

function widthOf(share: number): { width: string; least: number } {
  const least = Math.max(LEAST, Math.round(share * SHARE));
  return { width: share > FIXED_SHARE ? `${share}fr` : `${least}px`, least };
}

function Cell(props: {
  row: Line;
  column: RegisterColumn;
  beneath: RegisterColumn[];
  title: (column: RegisterColumn) => string;
}) {
  const { row, column } = props;
  if (row.withheld && column.value !== 'number')
    return <Text tone="faint">{t('station.book.withheld', 'Không được xem')}</Text>;
  const filled = props.beneath.filter((one) => row.cells[one.key]);
  const textOf = (one: RegisterColumn) => stateWord(row.cells[one.key] ?? '');
  const words = filled.map((one) => `${props.title(one)}: ${textOf(one)}`);
  // Columns under one heading say little without their own: a date of birth stands under its sex, an x under its month.
  const short = (one: RegisterColumn) => (one.group ? `${props.title(one)} ${textOf(one)}` : textOf(one));
  return (
    <Stack gap={0}>
      <Text oneLine={filled.length > 0} twoLines={filled.length === 0}>
        {textOf(column) || '–'}
      </Text>
      {filled.length > 0 && (
        <Text size={12} tone="soft" oneLine title={words.join('\n')}>
          {filled.map(short).join(' · ')}
        </Text>
      )}
    </Stack>
  );
}

/** What the record holds stands as it was written; a state of the visit is said in the language of the screen. */
function stateWord(written: string): string {
  const words: Record<string, string> = {
    'Chờ khám': t('station.register.waiting', 'Chờ khám'),
    'Tạm vắng': t('station.register.away', 'Tạm vắng'),
    'Đang khám': t('station.register.seeing', 'Đang khám'),
    'Đã huỷ': t('station.register.cancelled', 'Đã huỷ'),
  };
  return words[written] ?? written;
}
