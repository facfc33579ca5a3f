/** Facilities, rooms, service points and administrative units as the resources of docs/model.md. Pure. */
import type { Content, Row } from '../../kernel/content/content.ts';
import { cs, ext, sid } from '../../kernel/fhir/systems.ts';
import { openTerminology } from '../../kernel/fhir/terminology/index.ts';
import type { Address, Coding, Location, Organization } from '../../kernel/fhir/types.ts';
import { openUnits, type Unit, type Units } from './units.ts';

export interface PlacesOptions {
  /** Facility table: id, code, type, name, unit, part_of. */
  facilities: readonly Row[];
  /** ISO day whose units, rooms and names are meant. */
  date: string;
  /** Label put on every resource (`meta.security`), for the demo province. */
  security?: Coding;
}

const PHYSICAL_TYPE = 'http://terminology.hl7.org/CodeSystem/location-physical-type';

/** Organizations first, parents before children: the order in which they can be written one after the other. */
export function facilityResources(content: Content, options: PlacesOptions): (Organization | Location)[] {
  const units = openUnits(content);
  const organizations = options.facilities.map((row) => organizationOf(content, units, row, options));
  const rooms = options.facilities.flatMap((row) => roomsOf(content, row, options));
  const points = options.facilities
    .filter((row) => row.type === 'tram-y-te')
    .flatMap((row) => servicePointsOf(units, row, options));
  return [...organizations, ...rooms, ...points];
}

function organizationOf(content: Content, units: Units, row: Row, options: PlacesOptions): Organization {
  const type = openTerminology(content).lookup(cs.facilityType, row.type!, options.date);
  return {
    resourceType: 'Organization',
    id: row.id!,
    ...labelled(options),
    ...(row.code ? { identifier: [{ system: sid.cskcb, value: row.code }] } : {}),
    active: true,
    type: [{ coding: [{ system: cs.facilityType, code: row.type!, display: type?.display }] }],
    name: row.name!,
    ...(row.part_of ? { partOf: { reference: `Organization/${row.part_of}` } } : {}),
    ...(row.unit ? { address: [unitAddress(units, row.unit, options.date)] } : {}),
  };
}

/** `25D01-kham`, `25D01-xn`, `25D01-thuoc`: which rooms a kind of facility has is `content/places/rooms.csv`. */
function roomsOf(content: Content, facility: Row, options: PlacesOptions): Location[] {
  const terminology = openTerminology(content);
  if (!facility.code) return [];
  return content
    .inForce('places/rooms', options.date)
    .filter((room) => room.facility_types!.split(' ').includes(facility.type!))
    .map((room) => ({
      resourceType: 'Location',
      id: `${facility.code}-${room.room}`,
      ...labelled(options),
      status: 'active',
      name: room.name!,
      description: `${room.name}, ${facility.name}`,
      mode: 'instance',
      type: [
        {
          coding: [
            {
              system: cs.department,
              code: room.department!,
              display: terminology.lookup(cs.department, room.department!, options.date)?.display,
            },
          ],
        },
      ],
      physicalType: { coding: [{ system: PHYSICAL_TYPE, code: 'ro', display: 'Room' }] },
      managingOrganization: { reference: `Organization/${facility.id}`, display: facility.name! },
    }));
}

/**
 * The stations of the former communes as service points of today's station (Circular 43/2025/TT-BYT article 5). Where
 * the merge map only infers which station that is, the description says so.
 */
function servicePointsOf(units: Units, station: Row, options: PlacesOptions): Location[] {
  return units
    .predecessorsOf(station.unit!)
    .filter((line) => line.oldCode !== '')
    .map((line) => {
      const old = units.unitOn(line.oldCode, '2025-06-30');
      const name = `Điểm trạm ${old?.short ?? line.oldName}`;
      const doubt = line.certain
        ? ''
        : ` Ghép theo suy luận (${line.via}), cần đối chiếu NQ 1676/NQ-UBTVQH15.`;
      return {
        resourceType: 'Location',
        id: `${station.code}-dt-${line.oldCode}`,
        ...labelled(options),
        status: 'active',
        name,
        description: `${name}, trạm y tế của ${lowered(line.oldName)} trước 01/07/2025.${doubt}`,
        mode: 'instance',
        type: [{ coding: [{ system: cs.facilityType, code: 'diem-tram', display: 'Điểm trạm y tế' }] }],
        address: unitAddress(units, station.unit!, options.date),
        physicalType: { coding: [{ system: PHYSICAL_TYPE, code: 'bu', display: 'Building' }] },
        managingOrganization: { reference: `Organization/${station.id}`, display: station.name! },
      } satisfies Location;
    });
}

/**
 * The new unit of each facility and its former communes as `Location` of kind jurisdiction, `dvhc-<code>`. A code that
 * was given again names the unit of today; units whose code ended are inactive. Provinces come first.
 */
export function unitResources(content: Content, options: PlacesOptions): Location[] {
  const units = openUnits(content);
  const today = new Set(options.facilities.map((row) => row.unit!).filter(Boolean));
  const former = [...today].flatMap((code) => units.predecessorsOf(code)).map((line) => line.oldCode);
  const current = [...today].map((code) => units.unitOn(code, options.date)).filter((unit) => unit !== null);
  const ended = former
    .filter((code) => code !== '' && units.unitOn(code, options.date) === null)
    .map((code) => units.unitOn(code, '2025-06-30'))
    .filter((unit) => unit !== null);
  const provinces = new Map<string, Location>();
  for (const unit of [...current, ...ended]) {
    const province = units.pathOn(unit.code, unit.validTo || options.date).at(-1)!;
    provinces.set(province.code, jurisdiction(province, null, options));
  }
  return [
    ...provinces.values(),
    ...[...current, ...ended].map((unit) =>
      jurisdiction(unit, units.pathOn(unit.code, unit.validTo || options.date).at(-1)!, options),
    ),
  ];
}

function jurisdiction(unit: Unit, province: Unit | null, options: PlacesOptions): Location {
  const ended = unit.validTo !== '' && unit.validTo < options.date;
  return {
    resourceType: 'Location',
    id: `dvhc-${unit.code}`,
    ...labelled(options),
    identifier: [
      {
        system: cs.unit,
        value: unit.code,
        period: {
          ...(unit.validFrom ? { start: unit.validFrom } : {}),
          ...(unit.validTo ? { end: unit.validTo } : {}),
        },
      },
    ],
    status: ended ? 'inactive' : 'active',
    name: unit.name,
    ...(unit.mergedEarly ? { description: `${unit.name}: ${unit.mergedEarly}.` } : {}),
    mode: 'kind',
    physicalType: { coding: [{ system: PHYSICAL_TYPE, code: 'jdn', display: 'Jurisdiction' }] },
    ...(province ? { partOf: { reference: `Location/dvhc-${province.code}`, display: province.name } } : {}),
  };
}

/** Address of a unit without a street: text, commune, province, country and the coded unit. */
export function unitAddress(units: Units, code: string, date: string): Address {
  const path = units.pathOn(code, date);
  const unit = path[0];
  return {
    text: units.addressOn(code, date),
    ...(unit ? { city: unit.name } : {}),
    ...(path.length > 1 ? { state: path.at(-1)!.name } : {}),
    country: 'VN',
    ...(unit
      ? {
          extension: [
            { url: ext.unit, valueCoding: { system: cs.unit, code: unit.code, display: unit.name } },
          ],
        }
      : {}),
  };
}

function labelled({ security }: PlacesOptions): { meta?: { security: Coding[] } } {
  return security ? { meta: { security: [security] } } : {};
}

function lowered(name: string): string {
  return name.replace(/^\S+/, (kind) => kind.toLowerCase());
}
