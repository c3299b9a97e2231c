// Builds the tables of the sample, queries one and reads the manifest: build-and-query.js URL KEY
import {
  Configuration,
  ManifestApi,
  MaterializationsApi,
  PackagesApi,
  ProblemDocumentFromJSON,
  QueriesApi,
  ResponseError,
} from './ingot-client/index.js';

const [basePath, accessToken] = process.argv.slice(2);
const configuration = new Configuration({ basePath, accessToken });
const flights = { projectName: 'demo', packageName: 'flights' };

// Wait for the end with the request itself, up to 30 seconds each time.
const prefer = 'wait=30';
const builds = new MaterializationsApi(configuration);
let build = await builds.createMaterialization({
  ...flights,
  prefer,
  materializationRequest: { start: true, forceRefresh: true },
});
while (build.status === 'RUNNING') {
  build = await builds.getMaterialization({ ...flights, id: build.id, prefer });
}
console.log(`${build.status}: ${build.metadata.sourcesBuilt} built`);

const answer = await new QueriesApi(configuration).queryModel({
  ...flights,
  path: 'rush_hours.malloy',
  queryRequest: { queryName: 'busiest_hours', compactJson: true },
});
console.log(`read: ${answer.materialized[0]?.tableName}`);

const manifest = await new ManifestApi(configuration).getManifest(flights);
console.log(`manifest: ${Object.keys(manifest.entries).length} tables`);

try {
  await new PackagesApi(configuration).getPackage({ ...flights, packageName: 'nothing' });
} catch (error) {
  if (!(error instanceof ResponseError)) throw error;
  const problem = ProblemDocumentFromJSON(await error.response.json());
  console.log(`${error.response.status}: ${problem.code}`);
}
