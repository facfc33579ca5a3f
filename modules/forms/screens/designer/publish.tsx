/** Publishing with a day of validity, the versions, and rolling back. */
import { useState } from 'react';
import type { Fault } from '../../../../engines/forms/browser.ts';
import {
  ApiFailure,
  api,
  Badge,
  Button,
  DateField,
  Dialog,
  formatDate,
  Notice,
  Row,
  Stack,
  Table,
  Text,
  TextField,
  t,
  toast,
  today,
} from '../../../../web/ui/index.ts';
import type { DesignView, VersionLine } from '../../design/contract.ts';
import { versionName } from '../version-name.ts';
import { faultWords } from './fault-words.ts';

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
  const coming = design.versions.filter(({ state }) => state === 'coming');
  // What is in force already is kept beyond the day on which another one would take its place.
  const [from, setFrom] = useState<string | null>(
    (rollBack?.state === 'in-force' ? coming.at(-1)?.from : undefined) ?? today(),
  );
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
      toast(
        t('forms.design.published', 'Đã công bố phiên bản {version}', { version: versionName(done.version) }),
      );
      props.onDone();
    } catch (error) {
      setFailure(error instanceof ApiFailure ? error : new ApiFailure('defect', 0, String(error)));
    } finally {
      setBusy(false);
    }
  };
  const title = titleOf(rollBack);
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
        <Meeting coming={coming} from={from} />
        {failure && (
          <Notice tone="danger" title={failure.message}>
            {failure.issues
              .filter(({ text }) => text !== failure.message)
              .map((issue) => (
                <div key={`${issue.expression} ${issue.text}`}>{faultWords(issue as Fault)}</div>
              ))}
          </Notice>
        )}
      </Stack>
    </Dialog>
  );
}

function titleOf(rollBack: VersionLine | null): string {
  if (!rollBack) return t('forms.design.publish', 'Công bố');
  const version = versionName(rollBack.version);
  return rollBack.state === 'in-force'
    ? t('forms.design.keep-version', 'Giữ bản {version}', { version })
    : t('forms.design.roll-back-to', 'Quay lại bản {version}', { version });
}

/** Versions that were published ahead: which of them this one takes the place of, and which will take its place. */
function Meeting(props: { coming: readonly VersionLine[]; from: string | null }) {
  const { coming, from } = props;
  if (from === null) return null;
  const replaced = coming.find((one) => one.from === from);
  const next = coming.findLast((one) => one.from > from);
  return (
    <>
      {replaced && (
        <Notice
          tone="look"
          title={t('forms.design.replaces', 'Bản {version} đã công bố trước sẽ không có hiệu lực nữa.', {
            version: versionName(replaced.version),
          })}
        />
      )}
      {next && (
        <Notice
          tone="look"
          title={t(
            'forms.design.replaced-on',
            'Chỉ đến trước {day}: bản {version} đã công bố sẽ thay từ ngày ấy.',
            {
              day: formatDate(next.from),
              version: versionName(next.version),
            },
          )}
        />
      )}
    </>
  );
}

export function VersionList(props: {
  versions: readonly VersionLine[];
  onRollBack: (version: VersionLine) => void;
}) {
  const isReplaced = props.versions.some(({ state }) => state === 'coming');
  return (
    <Table<VersionLine>
      label={t('forms.design.versions', 'Các phiên bản')}
      rows={props.versions}
      rowKey={(row) => row.version}
      columns={[
        { key: 'version', title: t('forms.version', 'Phiên bản'), draw: (row) => <Version row={row} /> },
        {
          key: 'act',
          title: t('forms.design.act', 'Việc'),
          draw: (row) => <BackTo row={row} isReplaced={isReplaced} onRollBack={props.onRollBack} />,
        },
      ]}
    />
  );
}

/** An earlier version may come back, and the one in force may stay although another was published for a day to come. */
function BackTo(props: {
  row: VersionLine;
  isReplaced: boolean;
  onRollBack: (version: VersionLine) => void;
}) {
  const { row } = props;
  const isKept = row.state === 'in-force' && props.isReplaced;
  if (row.state !== 'past' && !isKept) return null;
  return (
    <Button small onPress={() => props.onRollBack(row)}>
      {isKept ? t('forms.design.keep', 'Giữ bản này') : t('forms.design.roll-back', 'Quay lại bản này')}
    </Button>
  );
}

/** Its day, how it stands, and why it was published: one below the other, so that nothing is cut on a phone. */
function Version({ row }: { row: VersionLine }) {
  const name = versionName(row.version);
  const from = formatDate(row.from);
  return (
    <Stack gap={4}>
      <Row gap={8} wrap>
        <Text strong>{name}</Text>
        <State state={row.state} />
      </Row>
      {from !== '' && !name.startsWith(from) && (
        <Text size={13} tone="soft">
          {`${t('forms.design.valid-from', 'Có hiệu lực từ')} ${from}`}
        </Text>
      )}
      {row.reason && (
        <Text size={13} tone="soft">
          {row.reason}
        </Text>
      )}
    </Stack>
  );
}

function State({ state }: { state: VersionLine['state'] }) {
  if (state === 'in-force')
    return <Badge tone="done">{t('forms.design.in-force', 'Đang có hiệu lực')}</Badge>;
  if (state === 'coming') return <Badge tone="info">{t('forms.design.coming', 'Sắp có hiệu lực')}</Badge>;
  return <Badge tone="neutral">{t('forms.design.past', 'Bản cũ')}</Badge>;
}
