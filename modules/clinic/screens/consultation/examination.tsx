/** What is measured, asked, found and concluded. Enter goes from field to field, beginning where something is missing. */
import { useEffect, useRef } from 'react';
import { enterGoesOn, Stack } from '../../../../web/ui/index.ts';
import type { VisitView } from '../../contract.ts';
import { Diagnoses } from './diagnoses.tsx';
import { Notes } from './notes.tsx';
import { VitalsRow } from './vitals-row.tsx';
import type { Work } from './work.ts';

export function Examination(props: { visit: VisitView; work: Work; mayTreat: boolean; readOnly: boolean }) {
  const { work, visit, readOnly } = props;
  const { input, names } = work.typed;
  const judged = work.dirty ? [] : visit.warnings;
  const box = useFirstMissing(readOnly);
  return (
    <div ref={box} onKeyDown={(event) => enterGoesOn(event)}>
      <Stack gap={12}>
        <VitalsRow
          vitals={input.vitals}
          limits={visit.limits}
          faults={work.faults}
          readOnly={readOnly}
          onChange={(key, value) => work.set((now) => ({ ...now, vitals: { ...now.vitals, [key]: value } }))}
        />
        <Notes
          fields={visit.notes}
          notes={input.notes}
          reason={visit.reason}
          readOnly={readOnly}
          onChange={(key, text) => work.set((now) => ({ ...now, notes: { ...now.notes, [key]: text } }))}
        />
        <Diagnoses
          diagnoses={input.diagnoses}
          names={names}
          warnings={judged}
          faults={work.faults}
          readOnly={readOnly || !props.mayTreat}
          onChange={(diagnoses, more) => {
            work.set((now) => ({ ...now, diagnoses }));
            if (more) work.change({ names: { ...names, ...more } });
          }}
        />
      </Stack>
    </div>
  );
}

/** Opening a visit puts the keyboard into the first empty field. Not on a touch screen, where it would cover the person. */
function useFirstMissing(readOnly: boolean) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (readOnly || window.matchMedia('(pointer: coarse)').matches) return;
    const fields = box.current?.querySelectorAll<HTMLInputElement>('input, textarea') ?? [];
    [...fields].find((field) => field.value === '')?.focus({ preventScroll: true });
  }, [readOnly]);
  return box;
}
