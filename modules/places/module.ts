/** Units, facilities and rooms for pick lists. Units are content; facilities and rooms are read from the record. */
import { Failure } from '../../kernel/failure.ts';
import { everyPage } from '../../kernel/fhir/session/every-page.ts';
import { cs, ext, sid } from '../../kernel/fhir/systems.ts';
import type { Location, Organization } from '../../kernel/fhir/types.ts';
import type { Module } from '../../kernel/kernel.ts';
import { foldText } from '../../kernel/text/fold.ts';
import { isDay, vietnamDay } from '../../kernel/text/vietnam-time.ts';
import { type Level, openUnits, type Succession, type Unit } from './units.ts';

export interface FacilityLine {
  /** Organization id. */
  id: string;
  /** Facility code of the insurer; '' for offices. */
  code: string;
  name: string;
  /** Code of the list `loai-co-so`. */
  type: string;
  /** 5-digit code of the commune it stands in; '' when unknown. */
  unit: string;
  unitName: string;
}

export interface RoomLine {
  /** Location id. */
  id: string;
  name: string;
  /** Code of the list `khoa`, or `diem-tram` for a service point. */
  kind: string;
  facility: string;
}

const LEVELS: readonly string[] = ['province', 'district', 'commune'];

/**
 * `GET /api/places/units?q=&date=&level=&within=&limit=` (date `any` = old and new names), `…/units/<code>?date=`
 * with what became of it, `…/facilities?type=`, `…/rooms?facility=<Organization id>&kind=room|point` (default rooms;
 * `point` = service points of a station).
 */
export const placesModule: Module = {
  name: 'places',
  routes(app, kernel) {
    const units = openUnits(kernel.content);
    const today = () => vietnamDay(kernel.settings.now());
    type Query = { Querystring: Record<string, string | undefined> };

    app.get<Query>('/api/places/units', async (request) => {
      kernel.gate.actorOf(request);
      const { q = '', date, level, within, limit } = request.query;
      if (level !== undefined && !LEVELS.includes(level))
        throw wrong(
          'level',
          'Cấp phải là province, district hoặc commune.',
          'level must be province, district or commune.',
        );
      return units.find(q.slice(0, 200), {
        date: date === 'any' ? 'any' : dayOf(date, today()),
        limit: limitOf(limit),
        ...(level ? { level: level as Level } : {}),
        ...(within ? { within } : {}),
      });
    });
    app.get<Query & { Params: { code: string } }>('/api/places/units/:code', async (request) => {
      kernel.gate.actorOf(request);
      const { code } = request.params;
      const date = dayOf(request.query.date, today());
      const unit = units.unitOn(code, date);
      if (!unit)
        throw new Failure('not-found', `Không có đơn vị hành chính mã ${code} vào ngày ${date}.`, {
          textEn: `No administrative unit has code ${code} on ${date}.`,
        });
      const around: { unit: Unit; path: Unit[]; successors: Succession[]; predecessors: Succession[] } = {
        unit,
        path: units.pathOn(code, date),
        successors: unit.validTo === '' ? [] : units.successorsOf(code),
        predecessors: unit.validTo === '' ? units.predecessorsOf(code) : [],
      };
      return around;
    });
    app.get<Query>('/api/places/facilities', async (request) => {
      const session = kernel.gate.session(request);
      const { type, q = '' } = request.query;
      const words = foldText(q.slice(0, 100));
      const found = await everyPage(
        session,
        'Organization',
        type ? [['type', `${cs.facilityType}|${type}`]] : [],
      );
      return found
        .filter(({ active }) => active !== false)
        .map(facilityLine)
        .filter(({ id, code, name }) => [name, code, id].some((one) => foldText(one).includes(words)))
        .sort((a, b) => (a.code || a.id).localeCompare(b.code || b.id));
    });
    app.get<Query>('/api/places/rooms', async (request) => {
      const session = kernel.gate.session(request);
      const { facility, kind = 'room' } = request.query;
      if (kind !== 'room' && kind !== 'point')
        throw wrong(
          'kind',
          'Loại phải là room (phòng) hoặc point (điểm trạm).',
          'kind must be room or point.',
        );
      if (!facility)
        throw wrong(
          'facility',
          'Cần tham số facility: mã Organization của cơ sở, ví dụ cs-25D01.',
          'facility is needed: an Organization id such as cs-25D01.',
        );
      const found = await everyPage(session, 'Location', [['organization', `Organization/${facility}`]]);
      const physical = kind === 'room' ? 'ro' : 'bu';
      return found
        .filter((room) => room.status !== 'inactive' && room.physicalType?.coding?.[0]?.code === physical)
        .map((room) => roomLine(room, facility))
        .sort((a, b) => a.id.localeCompare(b.id));
    });
  },
};

function facilityLine(organization: Organization): FacilityLine {
  const unit = organization.address?.[0]?.extension?.find((each) => each.url === ext.unit)?.valueCoding;
  return {
    id: organization.id!,
    code: organization.identifier?.find((each) => each.system === sid.cskcb)?.value ?? '',
    name: organization.name ?? '',
    type: organization.type?.[0]?.coding?.find((each) => each.system === cs.facilityType)?.code ?? '',
    unit: unit?.code ?? '',
    unitName: unit?.display ?? '',
  };
}

function roomLine(room: Location, facility: string): RoomLine {
  return { id: room.id!, name: room.name ?? '', kind: room.type?.[0]?.coding?.[0]?.code ?? '', facility };
}

function limitOf(text: string | undefined): number {
  const limit = text === undefined ? 20 : Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 500) return limit;
  throw wrong(
    'limit',
    'Số dòng phải là số nguyên từ 1 đến 500.',
    'limit must be a whole number from 1 to 500.',
  );
}

function dayOf(text: string | undefined, today: string): string {
  if (text === undefined || text === '') return today;
  if (isDay(text)) return text;
  throw wrong(
    'date',
    'Ngày phải có dạng năm-tháng-ngày, ví dụ 2026-11-22.',
    'date must be a day such as 2026-11-22.',
  );
}

function wrong(parameter: string, text: string, textEn: string): Failure {
  return new Failure('invalid-parameter', text, { textEn, expression: parameter });
}
