/** What changes for forms in use, publishing with a day of validity, and rolling back. */
import { useState } from 'react';
import type { Questionnaire } from '../../../../kernel/fhir/types.ts';
import {
  ApiFailure,
  api,
  Badge,
  Button,
  DateField,
  Dialog,
  Empty,
  formatDate,
  Notice,
  Stack,
  Table,
  TextField,
  t,
  toast,
  today,
} from '../../../../web/ui/index.ts';
import type { DesignView, VersionLine } from '../../design/contract.ts';
import { type Aspect, changesBetween, type ItemChange } from './changes.ts';

export function Changes(props: { before: Questionnaire | null; after: Questionnaire; drafts: number }) {
  const changes = changesBetween(props.before, props.after);
  if (changes.length === 0)
    return (
      <Empty title={t('forms.design.same', 'Giống hệt bản đang có hiệu lực')}>
        {t('forms.design.same-what', 'Chưa có gì để công bố.')}
      </Empty>
    );
  return (
    <Stack gap={12}>
      {props.drafts > 0 && (
        <Notice
          tone="info"
          title={t('forms.design.drafts', '{n} phiếu đang điền dở tiếp tục theo phiên bản lúc bắt đầu.', {
            n: props.drafts,
          })}
        />
      )}
      <Table<ItemChange>
        label={t('forms.design.changes', 'Thay đổi')}
        rows={changes}
        rowKey={(row) => `${row.kind} ${row.linkId}`}
        columns={[
          { key: 'kind', title: t('forms.design.change', 'Thay đổi'), draw: (row) => <Kind change={row} /> },
          { key: 'item', title: t('forms.question', 'Câu hỏi'), draw: (row) => row.text || row.linkId },
          {
            key: 'aspects',
            title: t('forms.design.what', 'Ở'),
            draw: (row) => row.aspects.map(aspectName).join(', '),
          },
        ]}
      />
    </Stack>
  );
}

function Kind({ change }: { change: ItemChange }) {
  if (change.kind === 'added') return <Badge tone="done">{t('forms.design.added', 'Thêm')}</Badge>;
  if (change.kind === 'removed') return <Badge tone="danger">{t('forms.design.gone', 'Bỏ đi')}</Badge>;
  return <Badge tone={change.breaks ? 'look' : 'info'}>{t('forms.design.changed', 'Sửa')}</Badge>;
}

function aspectName(aspect: Aspect): string {
  const names: Record<Aspect, string> = {
    text: t('forms.aspect.text', 'lời hỏi'),
    type: t('forms.aspect.type', 'loại'),
    required: t('forms.aspect.required', 'bắt buộc'),
    repeats: t('forms.aspect.repeats', 'nhiều lần'),
    options: t('forms.aspect.options', 'lựa chọn'),
    condition: t('forms.aspect.condition', 'điều kiện'),
    codes: t('forms.aspect.codes', 'mã trích vào hồ sơ'),
    rules: t('forms.aspect.rules', 'quy tắc'),
    place: t('forms.aspect.place', 'chỗ đứng'),
  };
  return names[aspect];
}

/** @param props.rollBack version to come back to; null = publishes the design */
export function PublishDialog(props: {
  design: DesignView;
  /** Saves what is on the screen first. @returns its version */
  save: () => Promise<number>;
  rollBack: VersionLine | null;
  onClose: () => void;
  onDone: () => void;
}) {
  const { design, rollBack } = props;
  const [from, setFrom] = useState<string | null>(today());
  const [reason, setReason] = useState('');
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const at = `/api/forms/designs/${design.key}`;
      const done = rollBack
        ? await api.post<{ version: string }>(`${at}/roll-back`, { version: rollBack.version, from, reason })
        : await api.post<{ version: string }>(
            `${at}/publish`,
            { from, reason },
            { ifMatch: await props.save() },
          );
      toast(t('forms.design.published', 'Đã công bố phiên bản {version}', { version: done.version }));
      props.onDone();
    } catch (error) {
      setFailure(error instanceof ApiFailure ? error : new ApiFailure('defect', 0, String(error)));
    } finally {
      setBusy(false);
    }
  };
  const title = rollBack
    ? t('forms.design.roll-back-to', 'Quay lại bản {version}', {
        version: formatDate(rollBack.from) || rollBack.version,
      })
    : t('forms.design.publish', 'Công bố');
  return (
    <Dialog
      title={title}
      opened
      onClose={props.onClose}
      acts={
        <Button
          kind="primary"
          busy={busy}
          disabled={from === null || (rollBack !== null && reason.trim().length < 10)}
          onPress={() => void run()}
        >
          {title}
        </Button>
      }
    >
      <Stack gap={12}>
        <DateField
          label={t('forms.design.valid-from', 'Có hiệu lực từ')}
          value={from}
          onChange={setFrom}
          expect="future"
          full
        />
        <TextField
          label={t('forms.design.reason', 'Lý do')}
          hint={
            rollBack
              ? t('forms.design.reason-hint', 'Ít nhất 10 ký tự; người dùng biểu mẫu đọc được.')
              : undefined
          }
          required={rollBack !== null}
          lines={2}
          value={reason}
          onChange={setReason}
        />
        {failure && (
          <Notice tone="danger" title={failure.message}>
            {failure.issues.map((issue) => (
              <div key={`${issue.expression} ${issue.text}`}>{issue.text}</div>
            ))}
          </Notice>
        )}
      </Stack>
    </Dialog>
  );
}

export function VersionList(props: {
  versions: readonly VersionLine[];
  onRollBack: (version: VersionLine) => void;
}) {
  return (
    <Table<VersionLine>
      label={t('forms.design.versions', 'Các phiên bản')}
      rows={props.versions}
      rowKey={(row) => row.version}
      columns={[
        { key: 'version', title: t('forms.version', 'Phiên bản'), draw: (row) => row.version },
        {
          key: 'from',
          title: t('forms.design.valid-from', 'Có hiệu lực từ'),
          draw: (row) => formatDate(row.from),
        },
        { key: 'state', title: t('forms.state', 'Trạng thái'), draw: (row) => <State state={row.state} /> },
        { key: 'reason', title: t('forms.design.reason', 'Lý do'), draw: (row) => row.reason },
        {
          key: 'act',
          title: '',
          draw: (row) =>
            row.state === 'past' && (
              <Button small onPress={() => props.onRollBack(row)}>
                {t('forms.design.roll-back', 'Quay lại bản này')}
              </Button>
            ),
        },
      ]}
    />
  );
}

function State({ state }: { state: VersionLine['state'] }) {
  if (state === 'in-force')
    return <Badge tone="done">{t('forms.design.in-force', 'Đang có hiệu lực')}</Badge>;
  if (state === 'coming') return <Badge tone="info">{t('forms.design.coming', 'Sắp có hiệu lực')}</Badge>;
  return <Badge tone="neutral">{t('forms.design.past', 'Bản cũ')}</Badge>;
}
