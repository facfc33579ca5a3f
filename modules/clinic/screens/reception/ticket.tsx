/** The number that was given, large enough to be read out; the next person can be scanned at once. */
import { Button, FileLink, Heading, Panel, Row, Stack, Text, t, useKeys } from '../../../../web/ui/index.ts';
import type { CheckInAnswer } from '../../reception/check-in.ts';
import { Remarks } from './entitlement-panel.tsx';

export function Ticket(props: { answer: CheckInAnswer; name: string; onNext: () => void }) {
  const { answer } = props;
  const paper = `/api/documents/encounters/${encodeURIComponent(answer.encounter)}/ticket.pdf`;
  const print = t('reception.ticket.print', 'In phiếu');
  useKeys([{ key: 'Ctrl+P', label: print, run: () => void window.open(paper, '_blank', 'noopener') }]);
  return (
    <Panel title={t('reception.done', 'Đã cấp số')} tone="done">
      <Stack gap={8}>
        <div data-ticket={answer.ticket} role="status">
          <Heading level={2} size={34}>
            {answer.ticket}
          </Heading>
        </div>
        <Text size={16} strong>
          {props.name} · {answer.room.name}
        </Text>
        <Text>
          {answer.waitingBefore === 0
            ? t('reception.done.first', 'Đến lượt ngay')
            : t('reception.done.before', 'Còn {n} người trước', { n: answer.waitingBefore })}
        </Text>
        {answer.repeated && (
          <Text tone="look">
            {t('reception.done.repeated', 'Số này đã cấp trước đó, không tạo lượt mới.')}
          </Text>
        )}
        <Remarks remarks={answer.warnings} />
        <Row gap={8}>
          <Button kind="primary" onPress={props.onNext} keys="Escape">
            {t('reception.next', 'Người tiếp theo')}
          </Button>
          <FileLink href={paper} save={false}>
            {print}
          </FileLink>
        </Row>
      </Stack>
    </Panel>
  );
}
