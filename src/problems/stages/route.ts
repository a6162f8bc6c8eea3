import { stage } from '../kind.ts'

export const route = stage('route', {
  'route.none': [
    404,
    'No route leads there',
    'no route matches the host, method and path',
    'an address that the configuration names',
  ],
  'route.target.invalid': [
    400,
    'The request target cannot be read',
    'the path has an invalid percent-encoding, a control character or bytes that are not UTF-8',
    'a path in origin-form with valid percent-encoding',
  ],
  'route.target.ambiguous': [
    400,
    'The path can be read in more than one way',
    'the path has dot segments, encoded separators, empty segments, or is another spelling of an upload address',
    'the plain, normalised path',
  ],
  'route.method': [
    405,
    'The method is not accepted at this address',
    'routes match the host and path, but none of them the method',
    'one of the methods that Allow lists',
  ],
  'route.method.override': [
    400,
    'The method must not be overridden here',
    'a method override header or parameter names another method on the address of an upload',
    'the method itself in the request line',
  ],
  'route.upload.ungoverned': [
    415,
    'Uploads are not accepted at this address',
    'the body is multipart, or a raw file, and the route has no policy',
    'an upload to an address whose route has a policy',
  ],
  'route.channel': [
    415,
    'This form of upload is not accepted here',
    'the body comes in a form that the policy does not list in request.channels',
    'one of the forms that the policy lists',
  ],
  'route.policy.question': [
    400,
    'The question names no path',
    'the parameter path is missing, is no absolute path, or is longer than 4096 characters',
    'path=/ and the path that an upload would have',
  ],
  'route.policy.none': [
    404,
    'No policy decides on uploads there',
    'no route with a policy matches the host, the path and the method',
    'the path of an upload',
  ],
})
