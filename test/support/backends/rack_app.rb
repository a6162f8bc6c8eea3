# Rack: what Rack::Request#POST says. Arrays come out as name[], hashes as name[key].
require 'digest'
require 'json'
require 'rack'
require 'rack/handler/webrick'

Rack::Utils.multipart_total_part_limit = 0
Rack::Utils.multipart_file_limit = 0

def flatten(name, value)
  case value
  when Hash
    return [[name, value]] if value.key?(:tempfile)

    value.flat_map { |key, inner| flatten(name.nil? ? key : "#{name}[#{key}]", inner) }
  when Array then value.flat_map { |inner| flatten("#{name}[]", inner) }
  else [[name, value]]
  end
end

def read_file(field, file)
  content = file[:tempfile].read
  { field: field, filename: file[:filename], type: file[:type],
    size: content.bytesize, sha256: Digest::SHA256.hexdigest(content) }
end

app = lambda do |env|
  request = Rack::Request.new(env)
  return [200, { 'content-type' => 'text/plain' }, ['ok']] if request.path == '/'

  files, fields = flatten(nil, request.POST).partition { |_, value| value.is_a?(Hash) }
  body = { fields: fields, files: files.map { |field, file| read_file(field, file) } }
  [200, { 'content-type' => 'application/json' }, [JSON.generate(body)]]
end

quiet = { Logger: WEBrick::Log.new(File::NULL), AccessLog: [] }
Rack::Handler::WEBrick.run(app, Host: '127.0.0.1', Port: 0, **quiet) do |server|
  puts "http://127.0.0.1:#{server.listeners[0].addr[1]}"
  $stdout.flush
end
