/** The npm package `workerd` has no types: its only export is where the program is. */
declare module 'workerd' {
  const workerd: { default: string }
  export default workerd
}
