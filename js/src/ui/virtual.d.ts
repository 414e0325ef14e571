// Made by build.mjs: the parts of Preact that the second bundle takes from the first.
declare module "virtual:shared" {
  const shared: Readonly<Record<string, object>>;
  export default shared;
}
