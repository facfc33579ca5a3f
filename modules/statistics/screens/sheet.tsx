/** One report: the form to type in, what does not hold, its way to the province, and more about the cell at hand. */
import { useState } from 'react';
import {
  Button,
  ButtonLink,
  Columns,
  Dialog,
  Empty,
  Failed,
  formatDate,
  formatNumber,
  language,
  Notice,
  Page,
  Panel,
  Row,
  refresh,
  type ScreenProps,
  Skeleton,
  Stack,
  Text,
  TextField,
  t,
  useUrlState,
} from '../../../web/ui/index.ts';
import type { SheetAnswer } from '../routes-sheet.ts';
import { Acts } from './acts.tsx';
import { BoundaryNotice } from './boundary-notice.tsx';
import { CellPanel } from './cell-panel.tsx';
import { SheetGrid } from './grid/grid.tsx';
import type { Place } from './grid/place.ts';
import { OPENED, placeIn } from './opened-cell.ts';
import { Questions } from './questions.tsx';
import { PunctualityBadge, StateBadge } from './reports.tsx';
import { titleOf } from './titles.ts';
import { type OpenSheet, savingWords, useSheet } from './use-sheet.ts';
import { Way } from './way.tsx';
import './statistics.css';
import { LONGEST_WORDS } from '../longest-words.ts';

/** Refused texts that are shown by name. */
const MOST_REFUSED = 5;

export default function SheetScreen({ params }: ScreenProps) {
  const path = `/api/statistics/sheets/${params.form}/${encodeURIComponent(params.unit ?? '')}/${params.period}`;
  const open = useSheet(path);
  const [asked] = useUrlState(OPENED, '');
  const [moved, setAt] = useState<Place | null>(null);
  const [beside, setBeside] = useState(asked !== '');
  const { sheet } = open;
  if (open.error && !sheet)
    return open.error.code === 'not-found' ? (
      <Empty
        title={open.error.message}
        act={<ButtonLink to="/bao-cao">{t('statistics.back', 'Danh sách')}</ButtonLink>}
      />
    ) : (
      <Failed failure={open.error} onRetry={() => refresh(['sheet'])} />
    );
  if (!sheet) return <Skeleton />;
  const at = moved ?? placeIn(sheet, asked);
  const name = `${sheet.rows[at.row]?.code}.${sheet.columns[at.column]?.code}`;
  return (
    <Page
      title={language() === 'en' ? sheet.form.titleEn : sheet.form.title}
      beside={
        <Row gap={8} wrap>
          <Text tone="soft">{`${sheet.form.code} · ${sheet.unit.name} · ${sheet.periodText}`}</Text>
          {sheet.boundary === null && (
            <>
              <StateBadge state={sheet.state} />
              <PunctualityBadge how={sheet.punctuality} />
            </>
          )}
        </Row>
      }
      acts={<Acts path={path} open={open} sheet={sheet} />}
      fill
    >
      <Columns widths={beside ? ['1fr', '360px'] : ['1fr']} fill>
        <Panel flush fill>
          <div className="st-page">
            {sheet.begins && (
              <Notice
                tone="info"
                title={t('statistics.begins', 'Kỳ này bắt đầu ngày {day}: chưa có gì để kiểm tra hay nộp', {
                  day: formatDate(sheet.begins),
                })}
              />
            )}
            {sheet.boundary && <BoundaryNotice sheet={sheet} boundary={sheet.boundary} />}
            <Way steps={sheet.steps} />
            <Said open={open} sheet={sheet} />
            <Questions path={path} sheet={sheet} titleOf={(cell) => titleOf(sheet, cell)} />
            <SheetGrid
              sheet={sheet}
              cellOf={open.cellOf}
              isTyped={open.isTyped}
              mayWrite={sheet.may.write}
              at={at}
              onMove={setAt}
              onType={open.type}
              onUndo={open.undo}
              onRedo={open.redo}
              onOpen={() => setBeside(true)}
            />
            <Foot
              sheet={sheet}
              saving={savingWords(open.saving)}
              beside={beside}
              onBeside={() => setBeside(!beside)}
            />
          </div>
        </Panel>
        {beside && (
          <CellPanel
            key={name}
            path={path}
            sheet={sheet}
            name={name}
            title={`${sheet.rows[at.row]?.title} · ${sheet.columns[at.column]?.title}`}
            cell={open.cellOf(name)}
            onClose={() => setBeside(false)}
          />
        )}
      </Columns>
      <ReasonForCounted open={open} />
    </Page>
  );
}

function Foot(props: { sheet: SheetAnswer; saving: string; beside: boolean; onBeside: () => void }) {
  const { sheet } = props;
  return (
    <div className="st-foot">
      <span aria-live="polite">{sheet.may.write ? props.saving : t('statistics.read-only', 'Chỉ xem')}</span>
      <span>
        {t('statistics.as-of', 'Số đếm lúc {at}', {
          at: `${sheet.made.slice(11, 16)} ${formatDate(sheet.made.slice(0, 10))}`,
        })}
      </span>
      <span>{t('statistics.due.on', 'Hạn nộp {day}', { day: formatDate(sheet.due) })}</span>
      <span className="st-legend">
        <i data-marks="typed" />
        {t('statistics.legend.typed', 'nhập tay')}
        <i data-marks="counted" />
        {t('statistics.legend.counted', 'đếm từ hồ sơ')}
        <i data-marks="corrected" />
        {t('statistics.legend.corrected', 'đã sửa')}
        <i data-marks="formula" />
        {t('statistics.legend.formula', 'tính')}
      </span>
      <Button kind="quiet" onPress={props.onBeside}>
        {props.beside
          ? t('statistics.beside.close', 'Đóng chi tiết ô')
          : t('statistics.beside', 'Chi tiết ô (Ctrl+Enter)')}
      </Button>
    </div>
  );
}

/** What does not hold, what others wrote meanwhile, what could not be sent. */
function Said({ open, sheet }: { open: OpenSheet; sheet: SheetAnswer }) {
  const changed = Object.values(sheet.cells).filter(({ today }) => today !== undefined).length;
  const [wrong, odd] = ['compulsory', 'warning'].map((level) =>
    sheet.faults.filter((fault) => fault.level === level),
  );
  const said = (faults: SheetAnswer['faults']) =>
    faults.map(({ code, text, textEn }) => <div key={code}>{language() === 'en' ? textEn : text}</div>);
  return (
    <Stack gap={8}>
      {open.conflicts.length > 0 && (
        <Notice
          tone="look"
          title={t('statistics.conflict', 'Người khác vừa ghi vào cùng ô')}
          acts={
            <>
              <Button onPress={open.takeTheirs}>{t('statistics.theirs', 'Lấy số của họ')}</Button>
              <Button kind="primary" onPress={open.keepMine}>
                {t('statistics.mine', 'Giữ số của tôi')}
              </Button>
            </>
          }
        >
          {open.conflicts.map(({ cell, value, byName }) => (
            <div key={cell}>
              {t('statistics.conflict.line', '{cell}: {name} ghi {theirs}, bạn ghi {mine}', {
                cell: titleOf(sheet, cell),
                name: byName ?? '',
                theirs: value === null ? '–' : formatNumber(value),
                mine: String(open.cellOf(cell).value ?? '–'),
              })}
            </div>
          ))}
        </Notice>
      )}
      {open.problem && open.conflicts.length === 0 && (
        <Notice
          tone="look"
          title={open.problem}
          acts={
            open.isRefused && (
              <Button onPress={open.dropUnsent}>{t('statistics.unsent.drop', 'Bỏ số chưa ghi được')}</Button>
            )
          }
        >
          {open.isRefused && open.unsent.map((cell) => titleOf(sheet, cell)).join('; ')}
        </Notice>
      )}
      {open.refused.length > 0 && (
        <Notice
          tone="look"
          title={t(
            'statistics.not-number',
            '{n} ô chưa ghi: không phải số mà ô nhận (số nguyên không âm, ghi như 1.234)',
            {
              n: open.refused.length,
            },
          )}
        >
          {open.refused.slice(0, MOST_REFUSED).map(({ cell, text }) => (
            <div key={cell}>{`${titleOf(sheet, cell)}: “${text}”`}</div>
          ))}
          {open.refused.length > MOST_REFUSED && <div>…</div>}
        </Notice>
      )}
      <LeftOutSaid {...open.left} />
      {wrong!.length > 0 && (
        <Notice tone="danger" title={t('statistics.wrong', 'Phải sửa trước khi nộp')}>
          {said(wrong!)}
        </Notice>
      )}
      {odd!.length > 0 && (
        <Notice tone="look" title={t('statistics.odd', 'Nên xem lại')}>
          {said(odd!)}
        </Notice>
      )}
      {changed > 0 && (
        <Notice
          tone="info"
          title={t('statistics.changed', 'Hồ sơ đã đổi sau khi nộp: {n} ô đếm lại ra số khác', {
            n: changed,
          })}
        >
          {t('statistics.changed.hint', 'Báo cáo giữ số đã nộp. Mở chi tiết của ô có dấu để xem số hôm nay.')}
        </Notice>
      )}
    </Stack>
  );
}

/** What a paste brought and no cell took. */
function LeftOutSaid({ outside, closed }: OpenSheet['left']) {
  if (outside + closed === 0) return null;
  return (
    <Notice tone="look" title={t('statistics.pasted.left', 'Phần dán vào không ghi hết')}>
      {outside > 0 && (
        <div>
          {t('statistics.pasted.outside', '{n} ô nằm ngoài biểu: xem lại ô bắt đầu dán.', { n: outside })}
        </div>
      )}
      {closed > 0 && (
        <div>
          {t(
            'statistics.pasted.closed',
            '{n} ô tính từ ô khác hoặc không có số theo mẫu (×), nên giữ nguyên.',
            {
              n: closed,
            },
          )}
        </div>
      )}
    </Notice>
  );
}

/** A counted number is corrected with a reason or not at all. */
function ReasonForCounted({ open }: { open: OpenSheet }) {
  const [reason, setReason] = useState('');
  const [looked, setLooked] = useState(false);
  const close = () => {
    open.dropAsked();
    setReason('');
    setLooked(false);
  };
  const keep = () => {
    setLooked(reason.trim() === '');
    if (reason.trim() === '') return;
    open.giveReason(reason.trim());
    setReason('');
  };
  return (
    <Dialog
      title={t('statistics.correct', 'Sửa số đếm từ hồ sơ')}
      opened={open.asks.length > 0}
      onClose={close}
      acts={
        <>
          <Button onPress={close}>{t('statistics.correct.drop', 'Giữ số đếm')}</Button>
          <Button kind="primary" onPress={keep}>
            {t('statistics.correct.keep', 'Ghi số đã sửa')}
          </Button>
        </>
      }
    >
      <Stack>
        <Text>
          {open.sheet &&
            open.asks
              .slice(0, 5)
              .map((cell) => titleOf(open.sheet!, cell))
              .join('; ')}
        </Text>
        <TextField
          label={t('statistics.reason', 'Lý do sửa')}
          hint={t(
            'statistics.reason.hint',
            'Số đếm được giữ bên cạnh số đã sửa; nên bổ sung hồ sơ thay vì sửa số.',
          )}
          name="reason"
          maxLength={LONGEST_WORDS}
          error={
            looked && reason.trim() === ''
              ? t('statistics.reason.lacks', 'Ghi lý do rồi mới sửa được')
              : undefined
          }
          required
          value={reason}
          onChange={setReason}
          lines={2}
        />
      </Stack>
    </Dialog>
  );
}
