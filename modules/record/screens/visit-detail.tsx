/** What was written in one visit, by kind; every line opens the version it was read from. */
import { useState } from 'react';
import {
  Badge,
  Button,
  ButtonLink,
  Dialog,
  Facts,
  formatDateTime,
  Heading,
  Loaded,
  Panel,
  Row,
  Stack,
  Text,
  t,
  useQuery,
} from '../../../web/ui/index.ts';
import type { TimelineItem, TimelineLine } from '../timeline.ts';

const kindTitle = (kind: TimelineLine['kind']): string =>
  ({
    diagnosis: t('record.line.diagnosis', 'Chẩn đoán'),
    note: t('record.line.note', 'Bệnh sử và khám'),
    measurement: t('record.line.measurement', 'Chỉ số và xét nghiệm'),
    order: t('record.line.order', 'Chỉ định'),
    medicine: t('record.line.medicine', 'Thuốc'),
  })[kind];

const KINDS: TimelineLine['kind'][] = ['diagnosis', 'note', 'measurement', 'order', 'medicine'];

export function VisitDetail({ item }: { item: TimelineItem }) {
  const [source, setSource] = useState<string | null>(null);
  return (
    <Panel
      title={item.title}
      acts={
        <>
          {item.kind === 'form' && (
            <ButtonLink kind="quiet" to={`/phieu/${encodeURIComponent(item.id)}`}>
              {t('record.form', 'Mở phiếu')}
            </ButtonLink>
          )}
          <Button kind="quiet" onPress={() => setSource(item.source)}>
            {t('record.source', 'Nguồn')}
          </Button>
        </>
      }
    >
      <Stack gap={16}>
        <Facts
          items={[
            [t('record.when', 'Thời gian'), formatDateTime(item.at)],
            [t('record.where', 'Nơi thực hiện'), item.unitName ?? ''],
            [t('record.who', 'Người thực hiện'), item.doctor ?? ''],
            [t('record.outcome', 'Kết quả'), item.outcome ?? ''],
            [t('record.received', 'Vào hồ sơ lúc'), item.received ? formatDateTime(item.received) : ''],
          ]}
        />
        {KINDS.map((kind) => {
          const lines = item.lines.filter((line) => line.kind === kind);
          return lines.length === 0 ? null : (
            <Lines key={kind} title={kindTitle(kind)} lines={lines} onSource={setSource} />
          );
        })}
      </Stack>
      {source && <SourceDialog source={source} onClose={() => setSource(null)} />}
    </Panel>
  );
}

function Lines(props: { title: string; lines: TimelineLine[]; onSource: (source: string) => void }) {
  return (
    <Stack gap={4}>
      <Heading level={3}>{props.title}</Heading>
      {props.lines.map((line) => (
        <Row key={line.source + line.text} spread>
          <Text>{line.text}</Text>
          <Row style={{ flex: 'none' }}>
            {line.flag && (
              <Badge tone={line.flag.length > 1 ? 'danger' : 'look'}>{flagText(line.flag)}</Badge>
            )}
            <Button
              kind="quiet"
              label={`${t('record.source', 'Nguồn')}: ${line.text}`}
              onPress={() => props.onSource(line.source)}
            >
              {t('record.source', 'Nguồn')}
            </Button>
          </Row>
        </Row>
      ))}
    </Stack>
  );
}

/** HL7 v3 ObservationInterpretation in words. */
function flagText(flag: string): string {
  const words: Record<string, string> = {
    H: t('record.flag.high', 'Cao'),
    L: t('record.flag.low', 'Thấp'),
    HH: t('record.flag.very-high', 'Rất cao'),
    LL: t('record.flag.very-low', 'Rất thấp'),
    A: t('record.flag.abnormal', 'Bất thường'),
  };
  return words[flag] ?? flag;
}

/** The resource as it was written, for whoever wants to see where a line comes from. */
function SourceDialog(props: { source: string; onClose: () => void }) {
  const read = useQuery<unknown>(['source', props.source], `/api/record/source/${props.source}`);
  return (
    <Dialog
      title={t('record.source.title', 'Bản ghi gốc {name}', { name: props.source })}
      opened
      onClose={props.onClose}
      width={760}
    >
      <Loaded read={read}>
        {(resource) => (
          <pre style={{ overflow: 'auto', maxHeight: '60vh', fontSize: 'var(--text-12)' }}>
            {JSON.stringify(resource, null, 2)}
          </pre>
        )}
      </Loaded>
    </Dialog>
  );
}
