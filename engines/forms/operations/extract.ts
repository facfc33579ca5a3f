/** `QuestionnaireResponse/$extract`: which answers, of which form. */
import { Failure } from '../../../kernel/failure.ts';
import { readingIn } from '../../../kernel/fhir/session/lookup.ts';
import type { FhirSession } from '../../../kernel/fhir/session/session.ts';
import type { Questionnaire, QuestionnaireResponse } from '../../../kernel/fhir/types.ts';
import { validateResource } from '../../../kernel/fhir/validation/index.ts';
import { checkResponse } from '../check/response.ts';
import { extracted } from '../commit.ts';
import type { Extraction } from '../extract/extract.ts';
import { splitCanonical } from '../find.ts';
import { launchedWith } from '../launched.ts';
import { planForm } from '../plan.ts';
import { named, needed, type Parameter, resourceIn } from './input.ts';
import type { FormParts } from './parts.ts';

export async function extract(
  parts: FormParts,
  session: FhirSession,
  id: string | undefined,
  given: readonly Parameter[],
): Promise<Extraction> {
  const response = id === undefined ? handed(given) : await session.read('QuestionnaireResponse', id);
  const form = await formOf(parts, session, response, given);
  const plan = planForm(form);
  const context = await launchedWith(response, plan, readingIn(session));
  const faults = checkResponse(response, plan, { context }).filter(({ severity }) => severity === 'error');
  if (faults.length > 0)
    throw new Failure('invalid-resource', 'Phiếu không khớp với biểu mẫu, nên không trích được.', {
      issues: faults,
    });
  return extracted(session, form, response);
}

function handed(given: readonly Parameter[]): QuestionnaireResponse {
  const name = 'questionnaire-response';
  const response = resourceIn<QuestionnaireResponse>(named(given, name), 'QuestionnaireResponse');
  if (!response)
    throw needed(
      name,
      'Thiếu phiếu đã điền (questionnaire-response).',
      'The QuestionnaireResponse is missing.',
    );
  const faults = validateResource(response).filter(({ severity }) => severity === 'error');
  if (faults.length > 0) throw new Failure('invalid-resource', 'Phiếu không hợp lệ.', { issues: faults });
  return response;
}

/** A form that the response does not answer would be read into answers that mean something else. */
function refuseOther({ url, version }: Questionnaire, canonical: string | undefined): void {
  const [named, of] = splitCanonical(canonical ?? '');
  const isSame = named === url && (of === undefined || version === undefined || of === version);
  if (named === '' || url === undefined || isSame) return;
  throw new Failure('business-rule', `Phiếu trả lời ${canonical}, không phải biểu mẫu gửi kèm (${url}).`, {
    textEn: `The response answers ${canonical}, not the Questionnaire that is handed in (${url}${version === undefined ? '' : `|${version}`}).`,
    expression: 'questionnaire',
  });
}

async function formOf(
  { find }: FormParts,
  session: FhirSession,
  { questionnaire }: QuestionnaireResponse,
  given: readonly Parameter[],
): Promise<Questionnaire> {
  const form = resourceIn<Questionnaire>(named(given, 'questionnaire'), 'Questionnaire');
  if (form) {
    refuseOther(form, questionnaire);
    const faults = validateResource(form).filter(({ severity }) => severity === 'error');
    if (faults.length > 0)
      throw new Failure('invalid-resource', 'Biểu mẫu không hợp lệ.', { issues: faults });
    return form;
  }
  const found = questionnaire === undefined ? null : await find(session, questionnaire);
  if (found) return found;
  throw new Failure(
    'business-rule',
    questionnaire === undefined
      ? 'Phiếu không nói nó trả lời biểu mẫu nào.'
      : `Không có biểu mẫu ${questionnaire.slice(0, 200)}.`,
    {
      textEn:
        questionnaire === undefined
          ? 'The response does not say which Questionnaire it answers.'
          : `The Questionnaire ${questionnaire.slice(0, 200)} is not known here: hand it in as "questionnaire".`,
      expression: 'QuestionnaireResponse.questionnaire',
    },
  );
}
