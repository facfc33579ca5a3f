/** The kit's front door: everything a screen uses. Screens import nothing else from `web/`, and never Mantine. */
export { type Added, AddGenerator, AddPasskey, RecoveryCodes } from './account/factors.tsx';
export { roleName, staffRoles } from './account/role-name.ts';
export { CodeCamera } from './camera/code-camera.tsx';
export { base64Of, drawnPicture, isPicture } from './camera/picture.ts';
export { type Bar, BarChart, ColumnChart } from './chart/bars.tsx';
export { roundTop } from './chart/scale.ts';
export { Sparkline } from './chart/sparkline.tsx';
export { StatTile } from './chart/tile.tsx';
export { api, type CallOptions, newKey, readAlready } from './data/api.ts';
export { type Connection, useConnection } from './data/connection.ts';
export { type Draft, useDraft } from './data/draft.ts';
export { ApiFailure, type ShownIssue } from './data/failure.ts';
export { pageOfPasskeys, passkeysWork } from './data/passkey.ts';
export { usePush } from './data/push.ts';
export {
  type Act,
  type Key as QueryKey,
  type ListPage,
  type ListRead,
  type Read,
  refresh,
  useList,
  useMutation,
  useQuery,
} from './data/query.ts';
export { hasRole, type Me, useMe } from './data/session.ts';
export { openWindow, showPdf } from './data/shown-pdf.ts';
export { AgeOfData, Since, useClock } from './feedback/age-of-data.tsx';
export { Badge } from './feedback/badge.tsx';
export { type ConflictField, ConflictView } from './feedback/conflict-view.tsx';
export { Dialog, SidePanel, Workspace } from './feedback/dialog.tsx';
export { Notice } from './feedback/notice.tsx';
export { Empty, Failed, Loaded, Skeleton } from './feedback/state.tsx';
export { toast } from './feedback/toast.tsx';
export { Button, ButtonLink, FileLink } from './form/button.tsx';
export { CheckBox, CheckList, RadioList } from './form/check-list.tsx';
export { CodeSearch } from './form/code-search.tsx';
export { DateField } from './form/date-field.tsx';
export { DayField } from './form/day-field.tsx';
export { enterGoesOn } from './form/enter-goes-on.ts';
export { Field, type FieldProps } from './form/field.tsx';
export { Form } from './form/form.tsx';
export { NumberField } from './form/number-field.tsx';
export { ScanInput } from './form/scan-input.tsx';
export { SearchField } from './form/search-field.tsx';
export { type Choice, SelectField } from './form/select-field.tsx';
export { TextField } from './form/text-field.tsx';
export { type Faults, type FormState, useForm } from './form/use-form.ts';
export type { Found } from './form/use-search-box.ts';
export { addDays, dayParts, daysBetween, type PartialDate, today, vietnamDay } from './format/day.ts';
export {
  formatAge,
  formatDate,
  formatDateTime,
  formatGroups,
  formatMoney,
  formatNumber,
  formatSex,
  formatSince,
  formatTime,
  formatWeekday,
} from './format/format.ts';
export { type Expectation, parseDate } from './format/parse-date.ts';
export { parseNumber } from './format/parse-number.ts';
export { language, t } from './i18n/language.ts';
export { Key, useKeys } from './keys/keys.tsx';
export { KEYS, type KeyAction } from './keys/registry.ts';
export {
  Columns,
  Divider,
  Grid,
  Grow,
  Page,
  Panel,
  Row,
  type Space,
  Stack,
} from './layout/layout.tsx';
export { type Tab, Tabs } from './layout/tabs.tsx';
export { Facts, Heading, Num, Text } from './layout/text.tsx';
export type { Tone } from './layout/tone.ts';
export { type Chip, FilterChips } from './list/chips.tsx';
export { type Column, DataList, type RowAct } from './list/data-list.tsx';
export { ListPanel } from './list/list-panel.tsx';
export { NextPageFailed } from './list/next-page.tsx';
export { Table, type TableColumn } from './list/table.tsx';
export { TwoLines } from './list/two-lines.tsx';
export { type BannerPerson, PatientBanner } from './patient/banner.tsx';
export { RuleCards } from './patient/rule-cards.tsx';
export { RuleSource } from './patient/rule-source.tsx';
export { Timeline, type TimelineEntry } from './patient/timeline.tsx';
export { Link } from './route/link.tsx';
export { navigate, useAddress, useUrlState } from './route/route.ts';
export type { Screen, ScreenProps } from './screen.ts';
