import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.mime.HttpMultipartMode;
import org.apache.http.entity.mime.MultipartEntityBuilder;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Sends the forms of standard input by Apache HttpClient 4 or OkHttp 3; see protocol.ts. */
public final class Client {
  private record Form(String url, List<String[]> parts) {}

  private static String text(String encoded) {
    return new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
  }

  private static List<Form> readForms() throws IOException {
    List<Form> forms = new ArrayList<>();
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("form")) {
        forms.add(new Form(words[1], new ArrayList<>()));
      } else {
        forms.get(forms.size() - 1).parts().add(words);
      }
    }
    return forms;
  }

  private static void answer(int status, byte[] body) {
    System.out.println(status + " " + Base64.getEncoder().encodeToString(body));
  }

  private static void sendByApache(Form form, HttpMultipartMode mode, boolean utf8) throws IOException {
    MultipartEntityBuilder builder = MultipartEntityBuilder.create().setMode(mode);
    if (utf8) {
      builder.setCharset(StandardCharsets.UTF_8);
    }
    for (String[] part : form.parts()) {
      if (part[0].equals("file")) {
        builder.addBinaryBody(text(part[1]), new File(part[4]), ContentType.create(part[3]), text(part[2]));
      } else if (utf8) {
        builder.addTextBody(text(part[1]), text(part[2]), ContentType.create("text/plain", StandardCharsets.UTF_8));
      } else {
        builder.addTextBody(text(part[1]), text(part[2]));
      }
    }
    HttpPost request = new HttpPost(form.url());
    request.setEntity(builder.build());
    try (var client = HttpClients.createDefault(); var response = client.execute(request)) {
      answer(response.getStatusLine().getStatusCode(), EntityUtils.toByteArray(response.getEntity()));
    }
  }

  private static void sendByOkHttp(Form form) throws IOException {
    MultipartBody.Builder builder = new MultipartBody.Builder().setType(MultipartBody.FORM);
    for (String[] part : form.parts()) {
      if (part[0].equals("file")) {
        RequestBody content = RequestBody.create(MediaType.parse(part[3]), new File(part[4]));
        builder.addFormDataPart(text(part[1]), text(part[2]), content);
      } else {
        builder.addFormDataPart(text(part[1]), text(part[2]));
      }
    }
    Request request = new Request.Builder().url(form.url()).post(builder.build()).build();
    try (var response = new OkHttpClient().newCall(request).execute()) {
      answer(response.code(), response.body().bytes());
    }
  }

  public static void main(String[] arguments) throws IOException {
    for (Form form : readForms()) {
      switch (arguments[0]) {
        case "okhttp" -> sendByOkHttp(form);
        case "apache-default" -> sendByApache(form, HttpMultipartMode.STRICT, false);
        case "apache-browser" -> sendByApache(form, HttpMultipartMode.BROWSER_COMPATIBLE, true);
        default -> sendByApache(form, HttpMultipartMode.RFC6532, true);
      }
    }
    System.exit(0);
  }
}
