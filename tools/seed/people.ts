/** The six people of the demo. */

export type DemoPerson = {
  user_id: string
  display_name: string
  is_admin: boolean
  /** What they do, for whoever chooses whom to sign in as. */
  about: string
}

const person = (name: string, display_name: string, about: string): DemoPerson => ({
  user_id: `${name}@example.com`,
  display_name,
  is_admin: false,
  about,
})

export const mei: DemoPerson = {
  ...person('mei.lin', '林美玲', 'shift lead, admin'),
  is_admin: true,
}
export const james = person('james.wu', 'James Wu', 'equipment engineer')
export const chihHao = person('chih-hao.chen', '陳志豪', 'maintenance technician')
export const sarah = person('sarah.chen', 'Sarah Chen', 'quality engineer')
export const shuFen = person('shu-fen.wang', '王淑芬', 'materials and warehouse')
export const daniel = person('daniel.okafor', 'Daniel Okafor', "the vendor's field engineer")

export const demoPeople: readonly DemoPerson[] = [mei, james, chihHao, sarah, shuFen, daniel]
