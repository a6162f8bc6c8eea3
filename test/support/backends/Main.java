import jakarta.servlet.MultipartConfigElement;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.StringJoiner;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** Embedded Tomcat: what getParts() says. */
public final class Main extends HttpServlet {
  /** Held here because the log manager keeps loggers weakly, and with them their level. */
  private static final Logger TOMCAT = Logger.getLogger("org.apache");

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
    response.getWriter().print("ok");
  }

  @Override
  protected void doPost(HttpServletRequest request, HttpServletResponse response)
      throws IOException, ServletException {
    StringJoiner fields = new StringJoiner(",");
    StringJoiner files = new StringJoiner(",");
    for (Part part : request.getParts()) {
      byte[] content = part.getInputStream().readAllBytes();
      if (part.getSubmittedFileName() == null) {
        fields.add("[" + json(part.getName()) + "," + json(new String(content, StandardCharsets.UTF_8)) + "]");
      } else {
        files.add(readFile(part, content));
      }
    }
    response.setContentType("application/json");
    response.setCharacterEncoding("UTF-8");
    response.getWriter().print("{\"fields\":[" + fields + "],\"files\":[" + files + "]}");
  }

  private static String readFile(Part part, byte[] content) {
    return "{\"field\":" + json(part.getName())
        + ",\"filename\":" + json(part.getSubmittedFileName())
        + ",\"type\":" + json(part.getContentType())
        + ",\"size\":" + content.length
        + ",\"sha256\":\"" + sha256(content) + "\"}";
  }

  private static String sha256(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String json(String text) {
    if (text == null) {
      return "null";
    }
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      out.append(c < ' ' || c == '"' || c == '\\' || c > '~' ? String.format("\\u%04x", (int) c) : c);
    }
    return out.append('"').toString();
  }

  public static void main(String[] arguments) throws IOException, LifecycleException {
    TOMCAT.setLevel(Level.SEVERE);
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(arguments[0]);
    tomcat.setPort(0);
    var connector = tomcat.getConnector();
    connector.setProperty("address", "127.0.0.1");
    connector.setMaxPartCount(10_000);
    connector.setMaxParameterCount(10_000);
    connector.setMaxPostSize(-1);
    var context = tomcat.addContext("", Files.createTempDirectory(java.nio.file.Path.of(arguments[0]), "web").toString());
    var servlet = Tomcat.addServlet(context, "upload", new Main());
    servlet.setMultipartConfigElement(new MultipartConfigElement(arguments[0]));
    context.addServletMappingDecoded("/", "upload");
    context.addServletMappingDecoded("/upload", "upload");
    tomcat.start();
    System.out.println("http://127.0.0.1:" + connector.getLocalPort());
    tomcat.getServer().await();
  }
}
