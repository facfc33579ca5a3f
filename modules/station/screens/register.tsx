/** The day's register of visits: lines that nobody typed here, in the columns of the form in force. */
import { useState } from 'react';
import {
  type Column,
  DataList,
  DateField,
  Empty,
  FileLink,
  formatDate,
  language,
  navigate,
  Page,
  Panel,
  Row,
  refresh,
  Stack,
  Text,
  TextField,
  t,
  today,
  useList,
  useMe,
  usePush,
  useQuery,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { RegisterColumn, RegisterForm, RegisterRow } from '../register.ts';

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
  const list = useList<RegisterRow>(['register', day, text], `/api/station/register?${query}`);
  const book = useQuery<{ form: RegisterForm }>(['register-form', day], `/api/station/register?date=${day}`);
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
      <Panel flush fill>
        <DataList
          id="register"
          label={t('station.register.of', 'Sổ khám bệnh ngày {day}', { day: formatDate(day) })}
          columns={columnsOf(form)}
          rows={list.rows}
          rowKey={(row) => row.encounter}
          onOpen={(row) => navigate(`/ho-so/${encodeURIComponent(row.patient)}`)}
          total={list.total}
          more={list.more}
          loading={list.loading || book.loading}
          error={list.error}
          refresh={list.refresh}
          rowHeight={ROW_HEIGHT}
          bar={
            <Row>
              <DateField
                label={t('station.register.day', 'Ngày')}
                name="day"
                bare
                width="130px"
                value={day}
                full
                onChange={(value) => setDay(value ?? today())}
              />
              <TextField
                label={t('station.register.find', 'Tìm trong sổ')}
                name="find"
                bare
                width="220px"
                value={text}
                onChange={setText}
                placeholder={t('station.register.find', 'Tìm trong sổ')}
              />
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
      </Panel>
      <Text size={12} tone="faint">
        {t('station.register.view', 'Sổ này được lập từ hồ sơ; không ai phải chép lại.')}
      </Text>
    </Page>
  );
}

/** The form's columns; those that stand beneath another share its cell, so that all of the form fits an old screen. */
function columnsOf(form: RegisterForm | undefined): Column<RegisterRow>[] {
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
  row: RegisterRow;
  column: RegisterColumn;
  beneath: RegisterColumn[];
  title: (column: RegisterColumn) => string;
}) {
  const { cells } = props.row;
  const filled = props.beneath.filter((column) => cells[column.key]);
  const words = filled.map((column) => `${props.title(column)}: ${cells[column.key]}`).join('\n');
  return (
    <Stack gap={0}>
      <Text oneLine={filled.length > 0} twoLines={filled.length === 0}>
        {cells[props.column.key] || '–'}
      </Text>
      {filled.length > 0 && (
        <Text size={12} tone="soft" oneLine title={words}>
          {filled.map((column) => shortCell(column, cells[column.key] ?? '')).join(' · ')}
        </Text>
      )}
    </Stack>
  );
}

/** A date of birth alone does not say whose sex it stands under. */
function shortCell(column: RegisterColumn, text: string): string {
  if (column.key === 'male') return t('station.register.male', 'Nam {birth}', { birth: text });
  if (column.key === 'female') return t('station.register.female', 'Nữ {birth}', { birth: text });
  return text;
}
