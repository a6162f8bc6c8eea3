# Sends the forms of standard input by Net::HTTP, its own way or by the multipart-post gem; see protocol.ts.
require 'net/http'
require 'net/http/post/multipart'

def text(encoded) = encoded.unpack1('m').force_encoding('UTF-8')

forms = []
$stdin.each_line(chomp: true) do |line|
  kind, *words = line.split(' ', -1)
  case kind
  when 'form' then forms << [URI(words[0]), [], []]
  when 'field' then forms.last[1] << [text(words[0]), text(words[1])]
  else forms.last[2] << [text(words[0]), text(words[1]), words[2], words[3]]
  end
end

def own_request(uri, fields, files)
  request = Net::HTTP::Post.new(uri)
  parts = files.map { |field, name, type, path| [field, File.open(path, 'rb'), { filename: name, content_type: type }] }
  request.set_form(fields + parts, 'multipart/form-data')
  request
end

def gem_request(uri, fields, files)
  parts = files.map { |field, name, type, path| [field, UploadIO.new(File.open(path, 'rb'), type, name)] }
  Net::HTTP::Post::Multipart.new(uri.path, (fields + parts).to_h)
end

forms.each do |uri, fields, files|
  request = ARGV[0] == 'gem' ? gem_request(uri, fields, files) : own_request(uri, fields, files)
  response = Net::HTTP.start(uri.host, uri.port) { |http| http.request(request) }
  puts "#{response.code} #{[response.body].pack('m0')}"
end
