import type { ReactNode } from 'react';
import { vietnamDayOf } from '../format/day.ts';
import { formatDate, formatTime } from '../format/format.ts';
import type { Tone } from '../layout/tone.ts';

export interface TimelineEntry {
  id: string;
  /** Instant, or a day alone. */
  at: string;
  title: string;
  note?: ReactNode;
  beside?: ReactNode;
  tone?: Tone;
}

/** What happened to a person, newest first, under the day it happened on. */
export function Timeline(props: {
  label: string;
  entries: readonly TimelineEntry[];
  selected?: string | null;
  onOpen?: (entry: TimelineEntry) => void;
}) {
  let day = '';
  return (
    <ol className="yb-timeline" aria-label={props.label}>
      {props.entries.map((entry) => {
        const own = vietnamDayOf(entry.at);
        const isNewDay = own !== day;
        day = own;
        return (
          <li key={entry.id}>
            {isNewDay && <div className="yb-timeline-day">{formatDate(own)}</div>}
            <Entry entry={entry} current={entry.id === props.selected} onOpen={props.onOpen} />
          </li>
        );
      })}
    </ol>
  );
}

function Entry(props: { entry: TimelineEntry; current: boolean; onOpen?: (entry: TimelineEntry) => void }) {
  const { entry, onOpen } = props;
  const Tag = onOpen ? 'button' : 'div';
  return (
    <Tag
      className="yb-timeline-entry"
      type={onOpen ? 'button' : undefined}
      data-tone={entry.tone}
      aria-current={props.current || undefined}
      onClick={onOpen ? () => onOpen(entry) : undefined}
    >
      <span className="yb-timeline-dot" aria-hidden />
      <span className="yb-timeline-head">
        <span className="yb-text" data-strong>
          {entry.title}
        </span>
        {entry.beside}
        {entry.at.includes('T') && <time dateTime={entry.at}>{formatTime(entry.at)}</time>}
      </span>
      {entry.note && <span className="yb-timeline-note">{entry.note}</span>}
    </Tag>
  );
}
