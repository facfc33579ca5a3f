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
import type { RegisterForm, RegisterRow } from '../register.ts';

const WIDTHS: Record<string, string> = {
  number: '52px',
  time: '64px',
  male: '110px',
  female: '110px',
  identity: '130px',
  insurance: '150px',
};
const HIDEABLE = new Set(['insurance', 'ethnicity', 'job', 'identity', 'note']);

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
          rowHeight={52}
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

function columnsOf(form: RegisterForm | undefined): Column<RegisterRow>[] {
  return (form?.columns ?? []).map((column) => ({
    key: column.key,
    title: language() === 'en' ? column.titleEn : column.title,
    width: WIDTHS[column.key] ?? 'minmax(90px, 1fr)',
    number: column.key === 'number',
    optional: HIDEABLE.has(column.key),
    draw: (row) => row.cells[column.key] ?? '',
  }));
}
