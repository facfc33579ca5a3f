/** Who got a dose and is watched on the spot, with the minutes that are left; read again from the record after a reload. */
import { useState } from 'react';
import {
  Badge,
  Button,
  Dialog,
  formatTime,
  Grow,
  Link,
  Panel,
  Row,
  Stack,
  Text,
  t,
  useClock,
  useQuery,
} from '../../../web/ui/index.ts';
import type { Watched } from '../watch.ts';
import { ReactionForm } from './reaction-form.tsx';

export function WatchPanel() {
  const read = useQuery<{ now: string; rows: Watched[] }>(['programmes', 'watch'], '/api/programmes/watch');
  const clock = useClock(1_000);
  const [reacted, setReacted] = useState<string | null>(null);
  const rows = read.data?.rows ?? [];
  if (rows.length === 0) return null;
  const left = (row: Watched) => Math.ceil((Date.parse(row.until) - clock.getTime()) / 1_000);
  const waiting = rows.filter((row) => left(row) > 0).length;
  return (
    <Panel
      title={t('programmes.watch.title', 'Đang theo dõi sau tiêm ({count})', { count: String(waiting) })}
    >
      <Stack gap={8}>
        {rows.map((row) => (
          <Stack key={row.patient} gap={4}>
            <Row gap={8}>
              <Grow>
                <Link to={`/ho-so/${encodeURIComponent(row.patient)}`}>{row.name}</Link>
              </Grow>
              <Button small onPress={() => setReacted(row.dose)}>
                {t('programmes.reaction.save', 'Ghi phản ứng')}
              </Button>
            </Row>
            <Row gap={8} wrap>
              <Badge tone={left(row) > 0 ? 'info' : 'done'}>
                {left(row) > 0
                  ? t('programmes.watch.left', 'còn {left}, đến {time}', {
                      left: minutes(left(row)),
                      time: formatTime(row.until),
                    })
                  : t('programmes.watch.over', 'đủ giờ lúc {time}, được về', { time: formatTime(row.until) })}
              </Badge>
              <Text size={12} tone="soft">
                {row.vaccines.join(', ')}
              </Text>
            </Row>
          </Stack>
        ))}
      </Stack>
      <Dialog
        title={t('programmes.reaction', 'Phản ứng sau tiêm')}
        opened={reacted !== null}
        onClose={() => setReacted(null)}
        width={620}
      >
        {reacted && <ReactionForm dose={reacted} onDone={() => setReacted(null)} />}
      </Dialog>
    </Panel>
  );
}

/** `29:05`. */
function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
