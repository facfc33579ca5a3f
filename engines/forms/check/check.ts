/** What must be right of a Questionnaire before anybody fills it. Pure. */
import type { Questionnaire } from '../../../kernel/fhir/types.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../form/types.ts';
import { planForm } from '../plan.ts';
import { itemFaults } from './items.ts';
import type { CheckWith } from './knowing.ts';

/**
 * Every fault of a form, each with its place as FHIRPath and a sentence in both languages. Errors must stop its publication,
 * warnings say what will not be carried out.
 */
export function checkForm(questionnaire: Questionnaire, knowing: CheckWith = {}): Fault[] {
  const plan = planForm(questionnaire);
  const loops = plan.loops.map((group) => {
    const [first] = group;
    const names = [...new Set(group.map(({ holder }) => `"${holder.linkId || 'Questionnaire'}"`))].join(
      ' → ',
    );
    return fault(
      first!.place,
      'loop',
      `tính vòng quanh: ${names} phụ thuộc lẫn nhau`,
      `goes round in a loop: ${names} stand on each other`,
    );
  });
  return [...plan.faults, ...loops, ...plan.questions.all.flatMap((one) => itemFaults(one, plan, knowing))];
}
