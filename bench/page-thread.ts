/** Processor time of a page's own thread, as the browser traces it: what others do on the machine meanwhile does not count. */
import type { CDPSession } from 'playwright-core';

interface TraceEvent {
  name: string;
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur: number;
  /** Microseconds of the processor. */
  tdur?: number;
  args?: { data?: { type?: string } };
}

/** Milliseconds of the page's thread for each key that `type` sends to it. */
export async function millisecondsOfKeys(devtools: CDPSession, type: () => Promise<void>): Promise<number> {
  const events: TraceEvent[] = [];
  const gather = ({ value }: { value: object[] }) => void events.push(...(value as TraceEvent[]));
  devtools.on('Tracing.dataCollected', gather);
  const complete = new Promise((done) => devtools.once('Tracing.tracingComplete', done));
  await devtools.send('Tracing.start', {
    transferMode: 'ReportEvents',
    traceConfig: { includedCategories: ['devtools.timeline', 'toplevel'] },
  });
  await type();
  await devtools.send('Tracing.end');
  await complete;
  devtools.off('Tracing.dataCollected', gather);
  const keys = events.filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'keydown');
  const [{ pid, tid } = { pid: -1, tid: -1 }] = keys;
  const own = events.filter((one) => one.ph === 'X' && one.pid === pid && one.tid === tid);
  return outermost(own).reduce((sum, { tdur = 0 }) => sum + tdur, 0) / 1000 / keys.length;
}

/** Events that lie in no other. */
function outermost(events: readonly TraceEvent[]): TraceEvent[] {
  let until = Number.NEGATIVE_INFINITY;
  return [...events]
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur)
    .filter(({ ts, dur }) => {
      if (ts < until) return false;
      until = ts + dur;
      return true;
    });
}
