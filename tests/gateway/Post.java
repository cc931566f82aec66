import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;

/** Posts a form with Java's own client: URL, then -F name=value, -F file=@path, -H name:value. */
public class Post {
    public static void main(String[] arguments) throws Exception {
        String boundary = "----java-boundary-7d5f";
        var parts = new ArrayList<BodyPublisher>();
        var request = HttpRequest.newBuilder(URI.create(arguments[0]));
        for (int at = 1; at < arguments.length; at += 2) {
            String[] words = arguments[at + 1].split(arguments[at].equals("-H") ? ":" : "=", 2);
            if (arguments[at].equals("-H")) {
                request.header(words[0], words[1].trim());
            } else if (words[1].startsWith("@")) {
                Path file = Path.of(words[1].substring(1));
                parts.add(BodyPublishers.ofString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + words[0]
                    + "\"; filename=\"" + file.getFileName() + "\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
                parts.add(BodyPublishers.ofFile(file));
                parts.add(BodyPublishers.ofString("\r\n"));
            } else {
                parts.add(BodyPublishers.ofString("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + words[0]
                    + "\"\r\n\r\n" + words[1] + "\r\n"));
            }
        }
        parts.add(BodyPublishers.ofString("--" + boundary + "--\r\n"));
        request.header("Content-Type", "multipart/form-data; boundary=" + boundary);
        request.POST(BodyPublishers.concat(parts.toArray(new BodyPublisher[0])));
        var client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var answer = client.send(request.build(), BodyHandlers.ofString());
        System.out.println(answer.statusCode());
        answer.headers().map().forEach((name, values) -> System.out.println(name.toLowerCase() + ": " + values.get(0)));
        System.out.println();
        System.out.println(answer.body());
    }
}
