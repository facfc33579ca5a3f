/** A form turned by two dimensions: as a table, a chart or a map; kept by name, opened again. The question stands in the address. */
import { type ReactNode, useState } from 'react';
import {
  Button,
  Columns,
  Empty,
  FileLink,
  Loaded,
  language,
  Notice,
  navigate,
  Page,
  Panel,
  Row,
  SelectField,
  Stack,
  Tabs,
  Text,
  t,
  useAddress,
  useQuery,
} from '../../../web/ui/index.ts';
import type { KeptAnswer, PivotAnswer, PivotForm } from '../routes-pivot.ts';
import { KeptPivots } from './kept-pivots.tsx';
import { PivotCounting } from './pivot-counting.tsx';
import { dimensionWords, PivotChart, PivotMap, PivotTableView } from './pivot-views.tsx';
import './statistics.css';

const DIMENSIONS = ['unit', 'period', 'age', 'sex', 'cell'];
const PARTS = ['form', 'from', 'to', 'rows', 'columns', 'row', 'column', 'unit'];
/** So many periods are asked for at first. */
const FIRST_PERIODS = 6;

type Ask = Readonly<Record<string, string>>;

export default function PivotScreen() {
  const { query } = useAddress();
  const kept = useQuery<KeptAnswer>(['pivots'], '/api/statistics/pivots');
  const given: Ask = Object.fromEntries(new URLSearchParams(query));
  const show = (next: Ask) => {
    const said = Object.entries(next).filter(([, value]) => value !== '');
    navigate(`/bang-xoay?${new URLSearchParams(said)}`, { replace: true });
  };
  return (
    <Page title={t('statistics.pivot', 'Bảng xoay')} fill>
      <Loaded read={kept}>
        {({ forms, rows }) =>
          forms.length === 0 ? (
            <Empty title={t('statistics.pivot.no-forms', 'Chưa có biểu thống kê nào có hiệu lực')} />
          ) : (
            <Pivot forms={forms} kept={rows} ask={wholeAsk(given, forms)} show={show} />
          )
        }
      </Loaded>
    </Page>
  );
}

/** What the address says, and for what it leaves out or cannot be the usual. */
function wholeAsk(given: Ask, forms: readonly PivotForm[]): Ask {
  // Forms of a month have the most to turn; those of a year are mostly typed.
  const usual = forms.find(({ periods }) => /^\d{4}-\d\d$/.test(periods[0]?.key ?? '')) ?? forms[0]!;
  const form = forms.find(({ key }) => key === given.form) ?? usual;
  const known = (period: string | undefined) => form.periods.some(({ key }) => key === period);
  const rows = DIMENSIONS.includes(given.rows ?? '') ? given.rows! : 'unit';
  const columns = DIMENSIONS.includes(given.columns ?? '') && given.columns !== rows ? given.columns! : '';
  return {
    ...given,
    form: form.key,
    from: known(given.from) ? given.from! : form.periods[FIRST_PERIODS - 1]!.key,
    to: known(given.to) ? given.to! : form.periods[0]!.key,
    rows,
    columns: columns || (rows === 'period' ? 'unit' : 'period'),
  };
}

function Pivot(props: {
  forms: readonly PivotForm[];
  kept: KeptAnswer['rows'];
  ask: Ask;
  show: (ask: Ask) => void;
}) {
  const { forms, ask, show } = props;
  const asked = PARTS.flatMap((part) => (ask[part] ? [[part, ask[part]] as [string, string]] : []));
  const query = new URLSearchParams(asked).toString();
  const read = useQuery<PivotAnswer>(['pivot', query], `/api/statistics/pivot?${query}`);
  return (
    <Columns widths={['260px', '1fr']} fill>
      <Panel fill>
        <div
          className="st-beside"
          role="region"
          aria-label={t('statistics.pivot.choose', 'Chọn')}
          tabIndex={0}
        >
          <FoldedOnPhone said={saidOf(ask, forms)}>
            <Stack>
              <div className="st-choices">
                <Choices forms={forms} ask={ask} show={show} answer={read.data} />
              </div>
              <KeptPivots rows={props.kept} ask={Object.fromEntries(asked)} show={show} />
            </Stack>
          </FoldedOnPhone>
        </div>
      </Panel>
      <Panel fill>
        <div className="st-beside" role="region" aria-label={t('statistics.pivot', 'Bảng xoay')} tabIndex={0}>
          <Loaded read={read}>
            {(answer) => (
              <Views
                answer={answer}
                view={ask.view ?? 'bang'}
                onView={(view) => show({ ...ask, view })}
                files={
                  <Row>
                    <FileLink href={`/api/statistics/pivot.csv?${query}`}>CSV</FileLink>
                    <FileLink href={`/api/statistics/pivot.xlsx?${query}`}>XLSX</FileLink>
                  </Row>
                }
              />
            )}
          </Loaded>
        </div>
      </Panel>
    </Columns>
  );
}

/** On a phone the choices are a line of what was chosen, so that the table stands beneath it; opened by a press. */
function FoldedOnPhone({ said, children }: { said: string; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  return (
    <div className="st-fold" data-open={open || undefined}>
      <div className="st-fold-head">
        <Text size={13} tone="soft">
          {said}
        </Text>
        <Button small onPress={() => setOpen(!open)}>
          {open ? t('statistics.pivot.fold', 'Xong') : t('statistics.pivot.unfold', 'Đổi bảng')}
        </Button>
      </div>
      <div className="st-fold-body">{children}</div>
    </div>
  );
}

/** `Đơn vị × Kỳ, 06/2026 – 11/2026`. */
function saidOf(ask: Ask, forms: readonly PivotForm[]): string {
  const periods = forms.find(({ key }) => key === ask.form)?.periods ?? [];
  const label = (key: string | undefined) => periods.find((period) => period.key === key)?.label ?? '';
  const [from, to] = [label(ask.from), label(ask.to)];
  return `${dimensionWords(ask.rows!)} × ${dimensionWords(ask.columns!)}, ${from === to ? from : `${from} – ${to}`}`;
}

function Choices(props: {
  forms: readonly PivotForm[];
  ask: Ask;
  show: (ask: Ask) => void;
  answer: PivotAnswer | undefined;
}) {
  const { forms, ask, show, answer } = props;
  const form = forms.find(({ key }) => key === ask.form)!;
  const select = (
    name: string,
    label: string,
    choices: { value: string; label: string }[],
    value = ask[name],
  ) => (
    <SelectField
      label={label}
      name={name}
      value={value ?? ''}
      onChange={(next) => show({ ...ask, [name]: next })}
      choices={choices}
    />
  );
  const dimensions = (but: string) =>
    DIMENSIONS.filter((one) => one !== but).map((one) => ({ value: one, label: dimensionWords(one) }));
  const periods = form.periods.map(({ key, label }) => ({ value: key, label }));
  const byRow = ask.rows === 'cell' || ask.columns === 'cell';
  const codes = (parts: { code: string; title: string }[] = []) =>
    parts.map(({ code, title }) => ({ value: code, label: title }));
  return (
    <>
      <SelectField
        label={t('statistics.form', 'Biểu')}
        name="form"
        value={form.key}
        onChange={(key) => show({ ...ask, form: key, row: '', column: '' })}
        choices={forms.map(({ key, code, title, titleEn }) => ({
          value: key,
          label: `${code} ${language() === 'en' ? titleEn : title}`,
        }))}
      />
      {select('rows', t('statistics.pivot.rows', 'Hàng'), dimensions(''))}
      {select('columns', t('statistics.pivot.columns', 'Cột'), dimensions(ask.rows!))}
      {select('from', t('statistics.pivot.from', 'Từ kỳ'), periods)}
      {select('to', t('statistics.pivot.to', 'Đến kỳ'), periods)}
      {!byRow &&
        select(
          'row',
          t('statistics.form-row', 'Dòng của biểu'),
          codes(answer?.formRows),
          ask.row || answer?.formRows[0]?.code,
        )}
      {select(
        'column',
        t('statistics.form-column', 'Cột của biểu'),
        codes(answer?.formColumns),
        ask.column || answer?.formColumns[0]?.code,
      )}
    </>
  );
}

function Views(props: {
  answer: PivotAnswer;
  view: string;
  onView: (view: string) => void;
  files: ReactNode;
}) {
  const { answer } = props;
  const hasUnits = answer.ask.rows === 'unit' || answer.ask.columns === 'unit';
  const view = props.view === 'ban-do' && !hasUnits ? 'bang' : props.view;
  const empty = answer.values.every((line) => line.every((value) => value === null));
  const title = language() === 'en' ? answer.form.titleEn : answer.form.title;
  return (
    <Stack>
      <Row wrap spread>
        <Text strong>{`${answer.form.code} ${title}`}</Text>
        {props.files}
      </Row>
      <PivotCounting answer={answer} key={JSON.stringify(answer.ask)} />
      {answer.untold.length > 0 && (
        <Notice
          tone="info"
          title={t('statistics.pivot.untold', 'Không tách được theo tuổi, giới: {cells}', {
            cells: answer.untold.join('; '),
          })}
        />
      )}
      <Tabs
        label={t('statistics.pivot.as', 'Vẽ thành')}
        tabs={[
          { key: 'bang', label: t('statistics.pivot.table', 'Bảng') },
          { key: 'bieu-do', label: t('statistics.pivot.chart', 'Biểu đồ') },
          ...(hasUnits ? [{ key: 'ban-do', label: t('statistics.pivot.map', 'Bản đồ') }] : []),
        ]}
        value={view}
        onChange={props.onView}
      >
        {empty && answer.waiting.length === 0 ? (
          <Empty title={t('statistics.pivot.empty', 'Chưa có số nào cho bảng này')}>
            {t('statistics.pivot.empty.do', 'Chọn kỳ khác, dòng khác của biểu, hoặc bỏ tuổi và giới.')}
          </Empty>
        ) : (
          <>
            {view === 'bang' && <PivotTableView answer={answer} />}
            {view === 'bieu-do' && <PivotChart answer={answer} />}
            {view === 'ban-do' && <PivotMap answer={answer} />}
          </>
        )}
      </Tabs>
      <Text size={12} tone="soft">
        {t(
          'statistics.pivot.how',
          'Chiều không chọn được cộng lại; người đếm một lần mỗi kỳ được đếm lại ở mỗi kỳ. Số theo tuổi và giới đếm lại từ hồ sơ, không gồm số gõ tay và số sửa.',
        )}
      </Text>
    </Stack>
  );
}
